import { refusedForRole } from '../../domain/redis/step-commands.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { Candidate } from '../../domain/plan.ts';
import { describeDrained } from '../../domain/maintenance/drained.ts';
import { isConnected, isSilent, silenceLimit } from '../../domain/replication/in-sync.ts';
import { isOlder, ownVersion } from '../../domain/server/version.ts';
import { bytes } from '../../domain/text/figures.ts';
import { settingOf } from '../directives/setting.ts';
import { isNeverMaster } from '../hand-over/hand-over.ts';
import { sentinelObstacles } from '../hand-over/through-sentinel.ts';
import { olderFollowers } from '../synchronize/snapshots.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** A node, and what keeps it from taking the master’s role. */
export interface Assessment {
  pair: Pair;
  /** Empty for a candidate. */
  obstacles: readonly string[];
  /** Others are too old to follow it. */
  isTooNew: boolean;
}

/** A master that runs, and is read. */
export interface RunningMaster {
  pair: Pair;
  redis: RedisUp;
}

/** Each node as a candidate for the role of a running master, in the inventory’s order. */
export function assess(master: RunningMaster, roles: Roles): readonly Assessment[] {
  return roles.pairs.map((pair) => ({
    pair,
    obstacles: obstaclesOf(pair, master, roles),
    isTooNew: olderFollowers(pair, master.pair, roles).blockers.length > 0,
  }));
}

/** Prefers one that the others can follow; then the lowest `replica-priority`, as Sentinel does; then Git’s nominee; then the inventory’s order. */
export function bestOf(assessments: readonly Assessment[], nominated: string): Pair | null {
  const able = assessments.filter(({ obstacles }) => obstacles.length === 0);
  const rank = ({ pair, isTooNew }: Assessment) =>
    [Number(isTooNew), priorityOf(pair), pair.desired.name === nominated ? 0 : 1] as const;
  const [best] = able.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  });
  return best?.pair ?? null;
}

export function priorityOf(pair: Pair): number {
  return Number(settingOf(pair, 'replica-priority'));
}

/** For the plan’s reader. */
export function candidateRows(assessments: readonly Assessment[]): readonly Candidate[] {
  return assessments.map(({ pair, obstacles }) => {
    const isCandidate = obstacles.length === 0;
    return { node: pair.desired.name, isCandidate, reasons: isCandidate ? virtuesOf(pair) : obstacles };
  });
}

function virtuesOf(pair: Pair): readonly string[] {
  return ['in sync', `version ${pair.redis ? ownVersion(pair.redis) : '?'}`, `replica-priority ${priorityOf(pair)}`];
}

function obstaclesOf(pair: Pair, master: RunningMaster, roles: Roles): readonly string[] {
  if (pair === master.pair) return ['is the master'];
  const unread = unreadObstacle(pair);
  if (unread !== null || !pair.redis) return [unread ?? 'cannot be read'];
  return [
    ...linkObstacles(pair, pair.redis, master, roles),
    ...unfitness(pair, pair.redis),
    ...sentinelObstacles(pair.desired.name, roles),
    ...settingObstacles(pair.redis, master),
  ];
}

/** Why nothing is known of its Redis; null if it is. */
export function unreadObstacle({ facts }: Pair): string | null {
  if (!facts.reachable) return `cannot be reached (${facts.code})`;
  if (facts.redis.state === 'down') return 'Redis does not run';
  return facts.redis.state === 'unreadable' ? `Redis cannot be read (${facts.redis.code})` : null;
}

/** What Git, or the node itself, says against a master there. */
export function unfitness(pair: Pair, redis: RedisUp): readonly string[] {
  const refused = refusedForRole(redis.refuses);
  return [
    ...neverMaster(pair),
    ...(refused.length > 0 ? [`refuses ${refused.map(({ command }) => command).join(', ')}`] : []),
  ];
}

function neverMaster(pair: Pair): readonly string[] {
  const { drained } = pair.desired;
  if (drained) return [`is ${describeDrained(drained)}`];
  return isNeverMaster(pair) ? ['replica-priority is 0'] : [];
}

function linkObstacles(
  { desired: { name }, follows }: Pair,
  redis: RedisUp,
  { pair: { desired: of }, redis: master }: RunningMaster,
  { identities }: Roles,
): readonly string[] {
  const { master: link } = redis;
  if (!link) return ['is not a replica'];
  if (follows !== of.name) return [`follows ${follows ?? `${link.host}:${link.port}`}, not ${of.name}`];
  if (link.syncInProgress) return ['is synchronizing'];
  if (redis.loading) return ['is loading its data'];
  if (!isConnected(link)) return [`has no link to ${of.name} (${link.state})`];
  const listed = identities.listedAs(name, master.replicas, of.name);
  return [
    ...(isSilent(link, silenceLimit(master.configuration))
      ? [`has heard nothing from ${of.name} for ${link.lastIoSeconds ?? '?'} s`]
      : []),
    ...(listed?.state === 'online' ? [] : [`${of.name} does not list it as online`]),
    ...(redis.replicationId === master.replicationId ? [] : ['has a different replication ID']),
  ];
}

function settingObstacles(redis: RedisUp, { pair: of, redis: master }: RunningMaster): readonly string[] {
  const limit = memoryBytes(redis.configuration.get('maxmemory') ?? '') ?? 0;
  const isShort = limit > 0 && limit < master.datasetBytes;
  const needsPassword = redis.requiresPassword && master.masterauth === undefined && !hasMasterauth(of);
  return [
    ...(isOlder(redis, master) ? [`runs ${ownVersion(redis)}, older than ${ownVersion(master)}`] : []),
    ...(isShort ? [`its maxmemory of ${bytes(limit)} is less than the ${bytes(master.datasetBytes)} of data`] : []),
    ...(needsPassword ? [`asks for a password, and ${of.desired.name} has no masterauth`] : []),
  ];
}

/** Set by the hand-over if Git has one. */
function hasMasterauth({ desired: { redisConf } }: Pair): boolean {
  return redisConf.content.get('masterauth') !== undefined;
}
