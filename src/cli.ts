#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { answerError, printed, type Answer } from './cli/answer.ts';
import { parseInvocation } from './cli/arguments/arguments.ts';
import type { Asked, Verb } from './cli/arguments/invocation.ts';
import { VERBS } from './cli/arguments/verbs.ts';
import type { Context, Reply } from './cli/context.ts';
import { asRedisopsError } from './domain/error.ts';
import { helpReport } from './report/help-report.ts';
import type { Settings } from './settings.ts';

type Answered = Exclude<Verb, 'serve'>;

/** Each verb’s code, loaded on demand: `--help` does not wait for SSH and YAML. */
const ANSWERS: {
  readonly [V in Answered]: () => Promise<(context: Context, asked: Asked<V>) => Promise<Answer>>;
} = {
  status: async () => (await import('./cli/status.ts')).status,
  plan: async () => (await import('./cli/plan.ts')).plan,
  apply: async () => (await import('./cli/change.ts')).apply,
  rollback: async () => (await import('./cli/rollback.ts')).rollback,
  resync: async () => (await import('./cli/change.ts')).resync,
  purge: async () => (await import('./cli/change.ts')).purge,
  failover: async () => (await import('./cli/change.ts')).failover,
  pause: async () => (await import('./cli/change.ts')).pause,
  resume: async () => (await import('./cli/change.ts')).resume,
  drain: async () => (await import('./cli/change.ts')).drain,
  undrain: async () => (await import('./cli/change.ts')).undrain,
  drill: async () => (await import('./cli/change.ts')).drill,
  verify: async () => (await import('./cli/verify.ts')).verify,
  doctor: async () => (await import('./cli/doctor.ts')).doctor,
  drift: async () => (await import('./cli/drift.ts')).drift,
  acknowledge: async () => (await import('./cli/acknowledge.ts')).acknowledge,
  history: async () => (await import('./cli/history.ts')).history,
  runs: async () => (await import('./cli/history.ts')).runs,
  run: async () => (await import('./cli/history.ts')).runShow,
  audit: async () => (await import('./cli/audit/audit.ts')).audit,
  check: async () => (await import('./cli/check.ts')).check,
  render: async () => (await import('./cli/render.ts')).render,
  lock: async () => (await import('./cli/lock.ts')).lock,
  unlock: async () => (await import('./cli/lock.ts')).unlock,
};

/** Runs one command line; returns the exit status. The person always gets an answer. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const json = argv.includes('--json');
  const answer = await answerOf(argv, environment).catch((thrown: unknown) => answerError(asRedisopsError(thrown)));
  if (answer === null) return 0;
  const style = { json, colour: process.stdout.isTTY && !environment['NO_COLOR'], width: process.stdout.columns };
  const failed = answer.exit !== 0 && answer.exit !== 2 && !json;
  await write(
    failed && answer.kind === 'report' && isError(answer) ? process.stderr : process.stdout,
    printed(answer, style),
  );
  return answer.exit;
}

async function answerOf(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Answer | null> {
  const invocation = parseInvocation(argv);
  if (invocation.verb === 'help') return help();
  if (invocation.verb === 'version') return { kind: 'bytes', exit: 0, text: `${manifest.version}\n` };
  keepCompiled(environment);
  const { readSettings } = await import('./settings.ts');
  if (invocation.verb === 'serve') {
    const { withEnvFile } = await import('./cli/env-file.ts');
    // Reading source maps takes longer than any other verb, and only this one logs stack traces.
    process.setSourceMapsEnabled(true);
    const { serve } = await import('./main.ts');
    await serve(readSettings(withEnvFile(environment)), invocation);
    return null;
  }
  return answerVerb(invocation, readSettings(environment));
}

async function answerVerb<V extends Answered>(asked: Asked<V>, settings: Settings): Promise<Answer> {
  const [answer, { contextOf }] = await Promise.all([ANSWERS[asked.verb](), import('./cli/context.ts')]);
  const person = personAt(asked.json);
  const context = await contextOf(asked, settings, person);
  try {
    return await answer(context, asked);
  } finally {
    person.leave();
    await context.nodes.close();
  }
}

/** Node 22.8 and later caches compiled code for the user: this saves a tenth of a `status`. */
function keepCompiled({ HOME, XDG_CACHE_HOME = HOME && join(HOME, '.cache') }: NodeJS.ProcessEnv): void {
  if (XDG_CACHE_HOME && 'enableCompileCache' in module && typeof module.enableCompileCache === 'function')
    module.enableCompileCache(join(XDG_CACHE_HOME, 'redisops'));
}

function help(): Answer {
  const commands = Object.entries(VERBS).map(([name, { usage, summary }]) => ({
    name,
    usage: `redisops ${usage}`,
    summary,
  }));
  return { kind: 'report', exit: 0, report: helpReport(commands), json: { commands } };
}

/**
 * The person at the terminal. The first Ctrl-C, or a closed terminal, stops a run at the next safe point; a second
 * Ctrl-C ends the program. A closed output does not interrupt a run.
 */
function personAt(json: boolean): Pick<Context, 'tell' | 'confirm' | 'stop'> & { leave(): void } {
  const stop = new AbortController();
  let said = '';
  const tell = (line: string) => {
    if (!json && line !== said) process.stderr.write(`${line}\n`);
    said = line;
  };
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    tell('Stopping at the next safe point. Ctrl-C again to leave at once.');
  };
  const hangUp = () => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', hangUp);
  return {
    tell,
    stop: stop.signal,
    confirm: (question) => (json ? Promise.resolve('nobody') : confirm(question)),
    leave: () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', hangUp),
  };
}

/** `| head`, or a closed terminal. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

async function confirm(question: string): Promise<Reply> {
  if (!process.stdin.isTTY) return 'nobody';
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D and Ctrl-C leave the question unanswered.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const reply = await Promise.race([terminal.question(`${question} Type yes: `).catch(() => ''), closed]);
  terminal.close();
  return reply.trim().toLowerCase() === 'yes' ? 'yes' : 'no';
}

function isError(answer: Extract<Answer, { kind: 'report' }>): boolean {
  return typeof answer.json === 'object' && answer.json !== null && 'error' in answer.json;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

function isEntryPoint(): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === import.meta.filename;
}

if (isEntryPoint()) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessNobodyReads);
  process.exitCode = await main(process.argv.slice(2), process.env);
}
