#!/usr/bin/env node
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { answerError, printed, type Answer } from './cli/answer.ts';
import { parseInvocation, VERBS, type Invocation } from './cli/arguments.ts';
import { apply, purge, resync } from './cli/change.ts';
import { check } from './cli/check.ts';
import { contextOf, type Context } from './cli/context.ts';
import { lock, unlock } from './cli/lock.ts';
import { doctor, drift, history, plan, render, status, verify } from './cli/read.ts';
import { asRedisopsError } from './domain/error.ts';
import { helpReport } from './report/help-report.ts';
import { readSettings } from './settings.ts';

/** Carries out one command line; answers the exit status. Whatever happens, the person gets an answer. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const json = argv.includes('--json');
  const answer = await answerOf(argv, environment, json).catch((thrown: unknown) =>
    answerError(asRedisopsError(thrown)),
  );
  if (answer === null) return 0;
  const style = { json, colour: process.stdout.isTTY && !environment['NO_COLOR'], width: process.stdout.columns };
  const failed = answer.exit !== 0 && answer.exit !== 2 && !json;
  await write(
    failed && answer.kind === 'report' && isError(answer) ? process.stderr : process.stdout,
    printed(answer, style),
  );
  return answer.exit;
}

async function answerOf(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  json: boolean,
): Promise<Answer | null> {
  const invocation = parseInvocation(argv);
  if (invocation.verb === 'help') return help();
  if (invocation.verb === 'version') return { kind: 'bytes', exit: 0, text: `${version()}\n` };
  const settings = readSettings(environment);
  if (invocation.verb === 'serve') {
    const { serve } = await import('./main.ts');
    await serve(settings, invocation);
    return null;
  }
  const person = personAt(json);
  const context = await contextOf(invocation, settings, person);
  try {
    return await answerVerb(invocation, context);
  } finally {
    person.leave();
    await context.nodes.close();
  }
}

function answerVerb(invocation: Invocation, context: Context): Promise<Answer> {
  switch (invocation.verb) {
    case 'status':
      return status(context);
    case 'plan':
      return plan(context);
    case 'apply':
      return apply(context);
    case 'resync':
      return resync(context);
    case 'purge':
      return purge(context);
    case 'verify':
      return verify(context);
    case 'doctor':
      return doctor(context);
    case 'drift':
      return drift(context);
    case 'history':
      return history(context);
    case 'check':
      return check(context);
    case 'render':
      return render(context);
    case 'lock':
      return lock(context);
    case 'unlock':
      return unlock(context);
    case 'serve':
    case 'help':
    case 'version':
      throw new Error(`${invocation.verb} is answered before`);
  }
}

function help(): Answer {
  const commands = Object.entries(VERBS).map(([name, { usage, summary }]) => ({
    name,
    usage: `redisops ${usage}`,
    summary,
  }));
  return { kind: 'report', exit: 0, report: helpReport(commands), json: { commands } };
}

function version(): string {
  // Two folders up from dist/src, one from src.
  const places = ['../../package.json', '../package.json'].map((path) => new URL(path, import.meta.url));
  const file = places.find((place) => existsSync(place)) ?? '';
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/**
 * The person at the terminal. The first Ctrl-C, or the terminal’s end, ends a run at the next safe point; a second Ctrl-C ends
 * the program. Nobody who reads any more is no reason to break off.
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
    confirm: (question) => (json ? Promise.resolve(false) : confirm(question)),
    leave: () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', hangUp),
  };
}

/** `| head`, or a terminal that is gone. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await terminal.question(`${question} Type yes: `);
  terminal.close();
  return reply.trim().toLowerCase() === 'yes';
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
