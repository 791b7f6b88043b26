import type { Action } from '../../domain/action.ts';
import type { Blocker, Risk, Wave } from '../../domain/plan.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import { sharesHistory } from '../../domain/replication/history.ts';
import { bytes, keyCount } from '../../domain/text/figures.ts';
import { awaitLink } from '../synchronize/await-link.ts';
import { backUp } from '../synchronize/back-up.ts';
import { givesUp } from '../synchronize/replicate.ts';
import { snapshotBlockers, snapshotRisks } from '../synchronize/snapshots.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { roleFilesAsFound } from './as-found.ts';
import { fileBlockers } from './planned.ts';

export interface Following {
  /** Files of stopped nodes, whose start must not bring back a second master; and backups that are due before. */
  fences: Wave;
  /** The new master’s own file, then each running node. */
  waves: readonly Wave[];
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}

/**
 * Every other node follows the new master. What its history lacks is backed up first. Nodes that replicate from it
 * already are backed up before its promotion: they drop their data for its by themselves. A node goes before the one
 * that it follows, which would pass the new history on to it.
 */
export function following(target: Pair, roles: Roles): Following {
  const files = roleFilesAsFound(roles.pairs, target);
  const fileOf = (pair: Pair): readonly Action[] => files.filter(({ node }) => node === pair.desired.name);
  const others = roles.pairs.filter((pair) => pair !== target);
  const stopped = others.filter((pair) => pair.facts.reachable && pair.facts.redis.state === 'down');
  const running = others.filter(({ redis }) => redis);
  const followersOf = (pair: Pair): number => others.filter((other) => isBehind(other, pair, roles)).length;
  const inOrder = running.toSorted((one, other) => followersOf(one) - followersOf(other));
  return {
    fences: { actions: [...stopped.flatMap(fileOf), ...running.flatMap((pair) => earlyBackUp(pair, target, roles))] },
    waves: [
      { actions: fileOf(target) },
      ...inOrder.map((pair) => ({ actions: [...attachment(pair, target, roles), ...fileOf(pair)] })),
    ],
    blockers: [
      ...running.flatMap((pair) => (lacks(pair, target) ? snapshotBlockers(pair, target) : [])),
      ...fileBlockers(files, roles),
    ],
    risks: [
      ...running.flatMap((pair) => (lacks(pair, target) ? historyRisks(pair, target) : snapshotRisks(pair, target))),
      ...stopped.flatMap(diskRisks),
    ],
  };
}

/** Whether a node replicates from another one, directly or through others. */
function isBehind(pair: Pair, ahead: Pair, { pairs }: Roles): boolean {
  let at: Pair | undefined = pair;
  for (let steps = 0; at && steps < pairs.length; steps += 1) {
    const { follows: name }: Pair = at;
    if (name === ahead.desired.name) return true;
    at = pairs.find(({ desired }) => desired.name === name);
  }
  return false;
}

function earlyBackUp(pair: Pair, target: Pair, roles: Roles): readonly Action[] {
  if (!pair.redis || !lacks(pair, target) || !isBehind(pair, target, roles)) return [];
  return [backUp(pair.desired.name, pair.redis.keys)];
}

function attachment(pair: Pair, target: Pair, { identities }: Roles): readonly Action[] {
  const { redis, desired } = pair;
  if (!redis) return [];
  const endpoint = endpointOf(target.desired);
  if (lacks(pair, target)) return givesUp(desired.name, redis, target, endpoint);
  if (identities.isPointedAt(redis.master, endpoint, desired.name)) return [];
  return [
    {
      kind: 'replicate',
      node: desired.name,
      summary: `Replicate from ${target.desired.name} (${endpoint.host}:${endpoint.port})`,
      disruptive: true,
      reason: `${target.desired.name} has all of its data.`,
      master: endpoint,
    },
    awaitLink(desired.name, endpoint),
  ];
}

/** Whether the node may hold data that the target’s history does not have. */
export function lacks({ redis }: Pair, { redis: target }: Pair): boolean {
  if (!redis || redis.keys === 0) return false;
  return !target || !sharesHistory(redis, target);
}

/** What each side has that the other lacks, as far as their offsets show it. */
function historyRisks(pair: Pair, target: Pair): readonly Risk[] {
  const { redis, desired } = pair;
  const kept = target.redis;
  if (!redis || !kept || !lacks(pair, target)) return [];
  const [name, to] = [desired.name, target.desired.name];
  const fork = forkOf(redis, kept);
  const own = fork === null ? 'They share no history that is known' : `They parted at offset ${fork}`;
  const since = (offset: number) => (fork === null ? '' : `, ${bytes(Math.max(0, offset - fork))} since then`);
  const message = `${name} gives up ${keyCount(redis.keys)} (offset ${redis.offset}${since(redis.offset)}); ${to} keeps ${keyCount(kept.keys)} (offset ${kept.offset}${since(kept.offset)}). ${own}. What ${name} holds is backed up first.`;
  return [{ code: 'REPLICA_HOLDS_DATA', node: name, message }];
}

/** The last common offset of two histories; null if none is known. */
export function forkOf(one: NonNullable<Pair['redis']>, other: NonNullable<Pair['redis']>): number | null {
  if (one.replicationId === other.replicationId) return Math.min(one.offset, other.offset);
  if (one.replicationId2 === other.replicationId) return one.secondOffset - 1;
  if (other.replicationId2 === one.replicationId) return other.secondOffset - 1;
  const isTwin = one.secondOffset > 0 && one.replicationId2 === other.replicationId2;
  return isTwin ? Math.min(one.secondOffset, other.secondOffset) - 1 : null;
}

function diskRisks({ desired: { name }, facts }: Pair): readonly Risk[] {
  const files = facts.reachable ? facts.host.dataFiles : [];
  if (files.length === 0) return [];
  const list = files.map(({ path, bytes: size }) => `${path} (${bytes(size)})`).join(', ');
  const message = `${name} has data on disk: ${list}. When it starts as a replica, its master’s data replaces it. Copy the files first if you may need them.`;
  return [{ code: 'REPLICA_HOLDS_DATA', node: name, message }];
}
