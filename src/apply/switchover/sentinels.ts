import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { mastersIn, replicasIn, type SentinelReplica } from '../../domain/sentinel/replies.ts';
import type { SentinelPlace, ThroughSentinel } from '../../domain/sentinel/switchover.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import type { Step } from '../node/step.ts';
import { openSentinel } from '../sentinel/sentinel-link.ts';

/** An open Sentinel, and its place. */
export interface OpenSentinel {
  place: SentinelPlace;
  link: RedisLink;
}

type MasterSeen = ReturnType<typeof mastersIn>[number];

/** The cluster’s Sentinels, the one that leads first. */
export interface Sentinels {
  masterName: string;
  leader: OpenSentinel;
  all: readonly OpenSentinel[];
}

/** Opens all of them for the duration of `use`. @throws SENTINEL_UNREADABLE if one cannot be opened. */
export async function withSentinels<T>(
  { masterName, sentinels }: ThroughSentinel,
  step: Step,
  use: (sentinels: Sentinels) => Promise<T>,
): Promise<T> {
  const opened = await Promise.allSettled(
    sentinels.map(async (place) => ({ place, link: await openSentinel(place, step) })),
  );
  const all = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    const failed = opened.find((each) => each.status === 'rejected');
    const [leader] = all;
    if (failed || !leader) throw unopened(failed?.reason);
    return await use({ masterName, leader, all });
  } finally {
    for (const { link } of all) link.close();
  }
}

function unopened(thrown: unknown): RedisopsError {
  const { message, hint } = asRedisopsError(thrown ?? new Error('no Sentinel is known'));
  return new RedisopsError('SENTINEL_UNREADABLE', `The role moves only while every Sentinel answers: ${message}`, {
    hint: hint ?? 'Run `redisops doctor`.',
  });
}

/** The node that this Sentinel names as the master; its address if it is no node. */
export async function namedMaster({ place, link }: OpenSentinel, masterName: string, step: Step): Promise<string> {
  const reply = await link.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
  const [host, port] = Array.isArray(reply) ? reply.map(String) : [];
  if (host === undefined) return 'none';
  return step.identities.nodeAt({ host, port: Number(port) }, place.node) ?? `${host}:${port}`;
}

/** The master as this Sentinel sees it; null if it does not watch it. */
export async function masterSeen({ link }: OpenSentinel, masterName: string): Promise<MasterSeen | null> {
  const masters = mastersIn(await link.command('SENTINEL', 'MASTERS'));
  return masters.find(({ name }) => name === masterName) ?? null;
}

export function isFailingOver(seen: MasterSeen | null): boolean {
  return seen !== null && ['failover_in_progress', 'o_down'].some((flag) => seen.flags.has(flag));
}

/** The replicas as this Sentinel sees them, and the one on that node. */
export async function replicasSeen(
  { place, link }: OpenSentinel,
  masterName: string,
  target: string,
  { identities }: Step,
): Promise<{ all: readonly SentinelReplica[]; target: SentinelReplica | null }> {
  const all = replicasIn(await link.command('SENTINEL', 'REPLICAS', masterName));
  return { all, target: all.find((each) => identities.nodeAt(each, place.node) === target) ?? null };
}
