import { createHash } from 'node:crypto';
import type { Action, HandOver, WriteFile } from '../../domain/action.ts';
import { endpointOf, type Endpoint } from '../../domain/replication/endpoint.ts';
import { refusedForRole } from '../../domain/redis/step-commands.ts';
import { isInSync, silenceLimit } from '../../domain/replication/in-sync.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { FileFacts, HostFacts } from '../../domain/facts.ts';
import { hasActions, type Risk, type Wave } from '../../domain/plan.ts';
import { namedVersion } from '../../domain/server/version.ts';
import { settingOf } from '../directives/setting.ts';
import type { Policy } from '../../domain/run/policy.ts';
import { awaitLink } from '../synchronize/await-link.ts';
import { redisConfAction } from '../host/write-file.ts';
import { isSettled } from '../roles/home.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { movedBySentinel, pauseOf, sentinelObstacles, throughSentinel } from './through-sentinel.ts';

/**
 * The replica that takes the master’s role during the master’s restart: in sync, with the same version (each must be
 * able to load the other’s data), and one that Sentinel would promote, where it watches. Prefers the role’s home, then the
 * inventory’s order. A node with `replica-priority 0` is taken only if there is no other, and never under Sentinel; a
 * drained one never. One that would refuse a needed command comes last: that then blocks the plan. Null if there is none.
 */
export function candidateOf(roles: Roles): Pair | null {
  const { pairs, master, home } = roles;
  if (!master?.redis || movedBySentinel(roles) === 'unknown') return null;
  const candidates = pairs.filter(
    (pair) => pair !== master && !pair.desired.drained && isCandidate(pair, master, roles),
  );
  const able = candidates.filter(takesCommands);
  const meant = able.filter((pair) => !isNeverMaster(pair));
  return meant.find((pair) => pair === home) ?? [...meant, ...able, ...candidates][0] ?? null;
}

/** `replica-priority 0`, as Git asks or as it runs: its owner does not want it to be a master. */
export function isNeverMaster(pair: Pair): boolean {
  return Number(settingOf(pair, 'replica-priority')) === 0;
}

/** A node that is not meant to be a master takes the role, as there is no other. */
export function unmeantMasterRisks(candidate: Pair | null): readonly Risk[] {
  if (!candidate || !isNeverMaster(candidate)) return [];
  const { name } = candidate.desired;
  const message = `${name} takes the master’s role during the restart, although its replica-priority is 0: no other replica can take it.`;
  return [{ code: null, node: name, message }];
}

function takesCommands({ redis }: Pair): boolean {
  return refusedForRole(redis?.refuses).length === 0;
}

function isCandidate({ desired, redis }: Pair, { desired: node, redis: master }: Pair, roles: Roles): boolean {
  if (!redis || !master || sentinelObstacles(desired.name, roles).length > 0) return false;
  const attached = roles.identities.listedAs(desired.name, master.replicas, node.name);
  const inSync = isInSync(redis, silenceLimit(master.configuration)) && attached?.state === 'online';
  return inSync && redis.replicationId === master.replicationId && namedVersion(redis) === namedVersion(master);
}

/**
 * Restarts a master that holds data: its role moves to the candidate, every file names the new master before any
 * restart, the old master restarts as a replica, and the role returns, unless it is to stay.
 */
export function restartByHandOver(
  master: Pair,
  candidate: Pair,
  roles: Roles,
  restart: readonly Action[],
  policy: Policy,
): readonly Wave[] {
  // By then the others match Git; the master’s file stays unchanged until its role has moved.
  const files = new Map(
    roles.pairs.map((pair) => [
      pair,
      pair === master ? presentFile(pair) : wantedFile(pair, endpointOf(master.desired)),
    ]),
  );
  const home = roles.home ?? master;
  const stays = policy.handBack === false || candidate === home;
  const why = 'A restart of the master would lose its data.';
  return [
    { actions: [handOver(master, candidate, why, { home: stays ? null : home, roles })] },
    { actions: roleFiles(roles.pairs, candidate, files, movedBySentinel(roles) === 'sentinel') },
    { actions: [...restart, awaitLink(master.desired.name, endpointOf(candidate.desired))] },
    ...(stays ? [] : handBack(candidate, home, roles, files, isSettled(home))),
  ].filter(hasActions);
}

/** Returns the role, and updates the files. `isForGood`: a failover had given it to that node. */
export function handBack(
  from: Pair,
  home: Pair,
  roles: Roles,
  files: Map<Pair, FileFacts | undefined> = new Map(
    roles.pairs.map((pair) => [pair, wantedFile(pair, roleUnder(from, pair))]),
  ),
  isForGood = false,
): readonly Wave[] {
  const noted = isForGood ? home : null;
  return [
    { actions: [handOver(from, home, 'It was the master before.', { home: noted, roles })] },
    { actions: roleFiles(roles.pairs, home, files, movedBySentinel(roles) === 'sentinel') },
  ];
}

/** `home`: where the role belongs afterwards, if that is to be noted. */
export function handOver(
  { desired: from }: Pair,
  { desired: to }: Pair,
  why: string,
  { home, roles }: { home: Pair | null; roles: Roles },
): HandOver {
  const sentinel = throughSentinel(from.name, roles, settingOf);
  const pause = pauseOf(sentinel);
  return {
    kind: 'hand-over',
    node: from.name,
    summary: `Hand the master’s role to ${to.name}`,
    disruptive: true,
    reason: `${why} ${pause}`,
    to: { name: to.name, ...endpointOf(to) },
    ...(home ? { home: home.desired.name } : {}),
    ...(sentinel ? { sentinel } : {}),
  };
}

/** Every node’s redis.conf with its role under that master. Records each file’s content then. `rewritten`: by Sentinel. */
export function roleFiles(
  pairs: readonly Pair[],
  master: Pair,
  files: Map<Pair, FileFacts | undefined>,
  rewritten = false,
): readonly WriteFile[] {
  return pairs.flatMap((pair) => {
    if (!pair.facts.reachable) return [];
    const role = roleUnder(master, pair);
    const action = redisConfAction(pair.desired, hostWith(pair.facts.host, pair.desired, files.get(pair)), role);
    files.set(pair, wantedFile(pair, role));
    return action ? [rewritten ? { ...action, rewritten: true as const } : action] : [];
  });
}

function roleUnder(master: Pair, pair: Pair): Endpoint | null {
  return pair === master ? null : endpointOf(master.desired);
}

export function presentFile({ facts, desired }: Pair): FileFacts | undefined {
  return facts.reachable ? facts.host.files.get(desired.redisConf.path) : undefined;
}

function wantedFile({ desired }: Pair, role: Endpoint | null): FileFacts {
  const { owner, group, mode } = desired.redisConf;
  const content = desired.redisConf.content.withRole(role);
  const text = content.reveal();
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { exists: true, type: 'file', owner, group, mode, size: Buffer.byteLength(text), sha256, content };
}

function hostWith(host: HostFacts, { redisConf }: DesiredNode, file: FileFacts | undefined): HostFacts {
  const files = new Map(host.files);
  if (file) files.set(redisConf.path, file);
  return { ...host, files };
}
