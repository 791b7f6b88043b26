import { secretsOf, type DesiredCluster, type DesiredNode, type ClusterHost } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { meaningIn } from '../../domain/redis/error-reply.ts';
import type { Identities } from '../../domain/replication/identity.ts';
import type { Progress } from '../../domain/run/event.ts';
import { saysFullDisk } from '../../domain/text/full-disk.ts';
import { maskSecrets } from '../../domain/secret.ts';
import type { Verification } from '../../domain/verification.ts';
import type { Guard } from './guards.ts';
import type { Backups } from '../../ports/backups.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommandOptions, CommandResult, NodeSession, Nodes } from '../../ports/nodes.ts';
import type { Script } from '../../domain/shell.ts';

/** The run’s backups. */
export interface Keeping {
  backups: Backups;
  run: string;
}

/** What an action needs. */
export interface Step {
  node: DesiredNode;
  desired: DesiredCluster;
  session: NodeSession;
  nodes: Nodes;
  /** Maps endpoints to nodes. */
  identities: Identities;
  clock: Clock;
  stop: AbortSignal | null;
  /** Also aborted by a person’s stop where `stop` ignores it: for waits before anything is touched. */
  stopUntouched: AbortSignal | null;
  /** Empty except in tests. */
  disabledGuards: ReadonlySet<Guard>;
  progress(progress: Progress): void;
  /** Where backups are stored; absent without backups. */
  keeping?: Keeping;
  /** Verifies the cluster by a write: before an irreversible step. */
  verify(): Promise<Verification>;
}

/** A step on a host of which only its Sentinel counts: it may have no Redis. */
export interface SentinelStep extends Omit<Step, 'node'> {
  node: ClusterHost;
}

/**
 * Runs a script that must succeed; returns its output.
 * @throws COMMAND_FAILED with the node’s output, secrets masked.
 */
export async function runOrFail(
  step: SentinelStep,
  what: string,
  script: Script,
  options: CommandOptions = {},
): Promise<string> {
  const result = await step.session.run(script, options);
  if (result.status !== 0) throw commandFailed(step, what, result);
  return result.stdout;
}

export function commandFailed(
  step: SentinelStep,
  what: string,
  { status, stdout, stderr }: CommandResult,
): RedisopsError {
  const said = lastLines(maskedFor(step, stderr.trim() === '' ? stdout : stderr), 4);
  const other = {
    code: 'COMMAND_FAILED',
    hint: `Check ${step.node.name}, then run again: it continues from here.`,
  } as const;
  // redis-cli may have printed Redis’s own refusal.
  const { code, hint } = fullDisk(said, step) ?? meaningIn(stderr) ?? meaningIn(stdout) ?? other;
  return new RedisopsError(code, `${what} failed with status ${status}${said === '' ? '.' : `: ${said}`}`, { hint });
}

/** If the output says that a disk is full. */
export function fullDisk(
  said: string,
  { node }: Pick<SentinelStep, 'node'>,
): { code: 'DISK_SHORT'; hint: string } | null {
  if (!saysFullDisk(said)) return null;
  return { code: 'DISK_SHORT', hint: `Free space on ${node.name}, then run again: it continues from here.` };
}

/** Scripts that look before they act print `changed` or `unchanged` last. */
export function saysChanged(stdout: string): boolean {
  return stdout.trim().split('\n').at(-1) === 'changed';
}

/** A node’s text without the cluster’s passwords. */
export function maskedFor({ desired }: Pick<Step, 'desired'>, text: string): string {
  return maskSecrets(text, secretsOf(desired));
}

export function lastLines(text: string, most: number): string {
  return (
    text
      .split('\n')
      // A terminal would interpret a node’s control characters.
      .map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trim())
      .filter((line) => line !== '')
      .slice(-most)
      .join(' · ')
      .slice(-1500)
  );
}

/** The step for another node. @throws UNKNOWN_NODE; what connecting throws. */
export async function stepOn(name: string, step: Step): Promise<Step> {
  const node = step.desired.nodes.find((each) => each.name === name);
  if (!node) throw new RedisopsError('UNKNOWN_NODE', `${name} is not in the inventory.`, { hint: 'Make a new plan.' });
  return { ...step, node, session: await step.nodes.connect(node) };
}

/** Redis’s log file; empty if it logs to the journal. */
export function logFileOf({ node }: Step): string {
  const file = node.redisConf.content.get('logfile') ?? '';
  return file.startsWith('/') ? file : '';
}
