import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWriter, type Writer, type WriterFigures } from '../../lab/writer.ts';
import { exampleRepository } from '../../lab/example-repository.ts';
import { labHosts, onHost } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { sshNodes, type SshSettings } from '../../src/adapters/ssh/ssh.ts';
import type { Guard } from '../../src/apply/node/guards.ts';
import { applyPlan, type Applied, type Watch } from '../../src/apply/apply-plan.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import type { DesiredCluster, DesiredNode } from '../../src/domain/desired.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import type { Goal } from '../../src/domain/goal.ts';
import { actionsOf, type Plan } from '../../src/domain/plan.ts';
import { observe } from '../../src/observed/observe.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { verify } from '../../src/verify/verify.ts';
import type { JournalEntry } from '../../src/domain/run/journal.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import { note } from './pool/transcript.ts';
import { realClock } from '../../src/time/real-clock.ts';
import type { Run as OperationRun } from '../../src/operation/run.ts';

export const PASSWORD = 'lab-pass word"1';

const NO_DELAY = '  repl-diskless-sync-delay: 0';

/** The master does not wait for further replicas: otherwise every full synchronization takes 5 s. */
export function withoutDelay(variables: readonly string[]): readonly string[] {
  if (variables.some((line) => line.trim().startsWith('repl-diskless-sync-delay'))) return variables;
  if (!variables.includes('redis_config:')) return [...variables, 'redis_config:', NO_DELAY];
  return variables.flatMap((line) => (line === 'redis_config:' ? [line, NO_DELAY] : [line]));
}

/** A configuration repository on disk, and access to the lab’s hosts. */
export interface LabCluster {
  path: string;
  nodes: Nodes;
  /** Sets Git to these variables. */
  asks(options?: {
    variables?: readonly string[];
    replication?: boolean;
    /** Further files of the repository, by path. */
    files?: Readonly<Record<string, string>>;
  }): Promise<DesiredCluster>;
  close(): Promise<void>;
}

export interface Run extends Applied {
  plan: Plan;
  events: readonly RunEvent[];
  journal: readonly JournalEntry[];
}

export function labSshSettings(): SshSettings {
  const { sshUser, keyFile, knownHostsFile } = labHosts();
  return { user: sshUser, privateKeyFile: keyFile, knownHostsFile };
}

export async function openLabCluster(): Promise<LabCluster> {
  const path = await mkdtemp(join(tmpdir(), 'redisops-lab-'));
  const nodes = sshNodes(labSshSettings());
  return {
    path,
    nodes,
    async asks({ variables = [], replication = true, files: more = {} } = {}) {
      const password = PASSWORD.replaceAll('"', '\\"');
      const { server } = labHosts();
      const ofEstate = server === 'valkey' ? [...variables, 'redis_server: valkey'] : variables;
      const files = exampleRepository({ password, replication, variables: withoutDelay(ofEstate) });
      await writeFiles(path, { ...files, ...more });
      return readDesired(checkout(path), {});
    },
    async close() {
      await nodes.close();
      await rm(path, { recursive: true });
    },
  };
}

export async function planFor(goal: Goal, desired: DesiredCluster, nodes: Nodes): Promise<Plan> {
  return makePlan(goal, desired, await observe(desired, nodes));
}

/** Plans and applies, and records events. */
export async function run(
  goal: Goal,
  desired: DesiredCluster,
  nodes: Nodes,
  options: { onEvent?: (event: RunEvent) => void; stop?: AbortSignal; lost?: AbortSignal } = {},
): Promise<Run> {
  return carryOut(await planFor(goal, desired, nodes), desired, nodes, options);
}

export async function carryOut(
  plan: Plan,
  desired: DesiredCluster,
  nodes: Nodes,
  options: {
    onEvent?: (event: RunEvent) => void;
    stop?: AbortSignal;
    lost?: AbortSignal;
    without?: readonly Guard[];
  } = {},
): Promise<Run> {
  const events: RunEvent[] = [];
  const journal: JournalEntry[] = [];
  const watch: Watch = {
    emit: (event) => {
      events.push(event);
      note(JSON.stringify(event));
      options.onEvent?.(event);
    },
    record: (entry) => {
      journal.push(entry);
      return Promise.resolve();
    },
    clock: realClock,
    verify: () => verify(desired, nodes),
    ...(options.stop ? { stop: options.stop } : {}),
    ...(options.lost ? { lost: options.lost } : {}),
  };
  return {
    ...(await applyPlan(
      plan,
      { desired, observed: await observe(desired, nodes) },
      nodes,
      watch,
      new Set(options.without),
    )),
    plan,
    events,
    journal,
  };
}

/** A run for `execute` that keeps no journal of its own. */
export function testRun({
  emit = () => {},
  journal = [],
}: Partial<Pick<OperationRun, 'emit' | 'journal'>> = {}): OperationRun {
  return { id: 'the run', holder: 'a test', emit, record: () => Promise.resolve(), journal };
}

export const CONVERGE: Goal = { kind: 'converge' };

/** Turns bare hosts into a healthy cluster. @throws if that fails. */
export async function bringUp(desired: DesiredCluster, nodes: Nodes): Promise<Run> {
  const result = await run(CONVERGE, desired, nodes);
  const { plan, failure } = result;
  if (plan.blockers.length > 0) throw new Error(`The plan is blocked: ${JSON.stringify(plan.blockers)}`);
  if (failure) throw new Error(`${failure.node}: ${failure.error.code} ${failure.error.message}`);
  if (desired.replication) await replicasOnline(desired.nominatedMaster, desired.nodes.length - 1);
  return result;
}

/**
 * After a full synchronization a link is up, and its replica online, up to a second before the master begins to stream
 * to it: at the replica’s first acknowledgement, by its once-a-second cron (replication.c). A message makes it wait for.
 */
export async function replicasOnline(master: string, replicas: number): Promise<void> {
  await writeToAll({ master, replicas }, 'PUBLISH', 'lab', 'online');
}

/**
 * Writes on the master, and waits for the replicas’ acknowledgement over the same connection, as WAIT requires.
 * @throws after 30 s: a busy machine takes its time for a first synchronization.
 */
export async function writeToAll(
  { master = 'redis-01', replicas = 2 }: { master?: string; replicas?: number },
  ...command: readonly string[]
): Promise<void> {
  const lines = [command, ['WAIT', String(replicas), '5000']].map((words) => words.map(quoted).join(' '));
  const replies = await redisCliReads(master, [], lines);
  if (replies.split('\n').at(-1) !== String(replicas))
    throw new Error(`${command[0]} and WAIT ${replicas} on ${master} answered: ${replies}`);
}

export function nodeNamed(desired: DesiredCluster, name: string): DesiredNode {
  const node = desired.nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no node ${name}`);
  return node;
}

/** redis-cli on the host itself, independent of redisops’ own reading. */
export async function redisCli(host: string, ...parameters: readonly string[]): Promise<string> {
  return redisCliReads(host, parameters, []);
}

async function redisCliReads(host: string, parameters: readonly string[], lines: readonly string[]): Promise<string> {
  const script =
    'IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec "$(command -v redis-cli || command -v valkey-cli)" --no-auth-warning "$@"';
  const stdin = [PASSWORD, ...lines, ''].join('\n');
  const { stdout } = await onHost(host, ['bash', '-c', script, 'redis-cli', ...parameters], { stdin });
  return stdout.trim();
}

/** As redis-cli parses a word. */
function quoted(word: string): string {
  return JSON.stringify(word);
}

export async function infoField(host: string, name: string): Promise<string> {
  const info = await redisCli(host, 'INFO');
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
}

/** `redis-02 write-file`, in order. */
export function kindsOf(plan: Plan): readonly string[] {
  return actionsOf(plan).map(({ node, kind }) => `${node} ${kind}`);
}

const SOME_WRITES = 20;

/** The fate of a client’s writes, one every two milliseconds, during an action. */
export async function underWriter(
  act: () => Promise<void>,
  on?: readonly string[],
  password = PASSWORD,
): Promise<WriterFigures> {
  const hosts = labHosts().hosts.filter(({ name }) => !on || on.includes(name));
  const addresses = hosts.map(({ address }) => address);
  return besideWriter(startWriter({ addresses, port: 6379, password, intervalMs: 2 }), act);
}

/** There are writes before and after the action. */
export async function besideWriter(writer: Writer, act: () => Promise<void>): Promise<WriterFigures> {
  // There are writes before and after the action, however quick it is and however slow the machine.
  const writes = () => {
    const enough = writer.acknowledged.length + SOME_WRITES;
    return until('some more writes', 30, () => Promise.resolve(writer.acknowledged.length >= enough || null));
  };
  try {
    await writes();
    await act();
    await writes();
  } catch (error) {
    await writer.finish();
    throw error;
  }
  return writer.finish();
}
