import type { Action, WriteFile } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { directiveChanges } from '../directives/changes.ts';
import { configSet } from '../directives/config-set.ts';
import { candidateOf, unmeantMasterRisks } from '../hand-over/hand-over.ts';
import { foreignFolderBlockers } from '../host/foreign-folders.ts';
import { installPackage } from '../host/install-package.ts';
import { linkBlockers } from '../host/links.ts';
import { lockedFileBlockers } from '../host/locked-files.ts';
import { directoryActions } from '../host/make-directory.ts';
import { neededFileBlockers } from '../host/needed-files.ts';
import { dropInAction, redisConfAction } from '../host/write-file.ts';
import { runningRisks } from '../preflight/running-risks.ts';
import { aclBlockers, aclRisks } from '../guards/acl-users.ts';
import { restartBlockers } from '../restart/guard.ts';
import { inPlaceRisks, restartInPlace } from '../restart/in-place.ts';
import { restartEffect, restartReasons, restartUnit } from '../restart/restart.ts';
import { olderFileRisks, startRisks } from '../restart/start-data.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';
import { masterInFile, wantedMaster } from '../roles/wanted-role.ts';
import { markedFile, markedStart, openedByRestart, opening } from '../guards/openings.ts';
import { startableBlockers } from '../unit/startable.ts';
import { openFilesBlockers } from '../directives/open-files.ts';
import { unitBlockers } from '../unit/as-asked.ts';
import { otherRedisBlockers } from '../unit/other-redis.ts';
import { diskDataBlockers } from '../unit/start-guard.ts';
import { leftBehindRisks } from '../unit/left-behind.ts';
import { startUnit } from '../unit/start.ts';
import { unitActions } from '../unit/state.ts';
import { strayActions, strayBlockers } from '../unit/stop-stray-process.ts';

/** All differences of a node, by their effect. */
export interface NodeChanges {
  pair: Pair;
  /** Harmless: package, folders, files, units. */
  quiet: readonly Action[];
  /** CONFIG SET; none or one. */
  live: readonly Action[];
  /** If the unit is not running. */
  start: readonly Action[];
  /** If the unit is running, and a change takes effect only at start. */
  restart: readonly Action[];
  /**
   * The node that takes the master’s role before the restart, even if there are no keys: clients may write one
   * meanwhile. Null if unnecessary.
   */
  candidate: Pair | null;
  /** redis.conf of a running node that becomes a replica: written once it is one. */
  roleFile: readonly Action[];
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}

export function nodeChanges(pair: Pair, host: HostFacts, desired: DesiredCluster, roles: Roles): NodeChanges {
  const own = ownRedis(pair, host);
  const preparation = prepare(pair, host, own, desired, roles);
  return own
    ? changesRunning(pair, host, own, preparation, desired, roles)
    : changesStopped(pair, host, preparation, roles);
}

/** What a node needs whether or not its Redis is running. */
interface Preparation {
  /** Null for the master. */
  master: Endpoint | null;
  ready: readonly Action[];
  /** redis.conf; none or one. */
  file: readonly WriteFile[];
  units: readonly Action[];
  blockers: readonly Blocker[];
}

function prepare(pair: Pair, host: HostFacts, own: RedisUp | null, desired: DesiredCluster, roles: Roles): Preparation {
  const { desired: node } = pair;
  const master = wantedMaster(pair, roles, desired);
  const conf = redisConfAction(node, host, masterInFile(pair, master, roles));
  const dropIn = dropInAction(node, host);
  const file = conf ? [conf] : [];
  const ready = [
    ...installPackage(node, host),
    ...strayActions(pair, host),
    ...directoryActions(node, host),
    ...(dropIn ? [dropIn] : []),
  ];
  return {
    master,
    ready,
    file,
    units: unitActions(node, host, dropIn !== null),
    blockers: [
      ...foreignFolderBlockers(ready, host),
      ...linkBlockers([...ready, ...file], host),
      ...lockedFileBlockers([...ready, ...file], host),
      ...(conf || !own ? neededFileBlockers(node, host) : []),
      ...unitBlockers(node, host, own, dropIn !== null),
      ...startableBlockers(node, host, ready.length + file.length > 0),
      ...strayBlockers(pair, host, desired.replication ? roles.master : null),
    ],
  };
}

function changesStopped(
  pair: Pair,
  host: HostFacts,
  { master, ready, file, units, blockers }: Preparation,
  roles: Roles,
): NodeChanges {
  const leftBehind = leftBehindRisks(pair, host, roles.master);
  const acl = { writesFile: file.length > 0, starts: true };
  return {
    pair,
    quiet: [...ready, ...file.map((each) => markedFile(each, pair.desired, host, [])), ...units],
    live: [],
    start: [markedStart(startUnit(pair.desired, leftBehind.length > 0), pair.desired, host)],
    restart: [],
    candidate: null,
    roleFile: [],
    blockers: [
      ...blockers,
      ...otherRedisBlockers(pair),
      ...openFilesBlockers(pair.desired, host, { changes: [], starts: true }),
      ...diskDataBlockers(pair, host, master ? roles.master : null),
      ...aclBlockers(pair.desired, host, null, acl),
    ],
    risks: [...startRisks(pair, host), ...leftBehind, ...aclRisks(pair.desired, host, null, acl)],
  };
}

function changesRunning(
  pair: Pair,
  host: HostFacts,
  own: RedisUp,
  { master, ready, file, units, blockers }: Preparation,
  desired: DesiredCluster,
  roles: Roles,
): NodeChanges {
  const { desired: node } = pair;
  const changes = directiveChanges(node, host, own, desired, master);
  const effect = restartEffect(node, host, own, changes.restart, master !== null);
  const reasons = restartReasons(effect);
  // The file names a master only once the node follows it: after a refused REPLICAOF, the next start must not make it a
  // replica.
  const last = master !== null && roles.master !== null && !follows(pair, roles.master);
  const acl = { writesFile: file.length > 0, starts: reasons.length > 0 };
  const candidate = candidateFor(pair, roles, reasons);
  const live = configSet(node, { redis: own, memoryAvailableBytes: host.memoryAvailableBytes }, changes.live);
  const restarts = reasons.length > 0 ? openedByRestart(node, host, own, changes.restart) : [];
  const already = [...live.flatMap(({ opens = [] }) => opens), ...restarts];
  const marked = file.map((each) => markedFile(each, node, host, already));
  const inPlace =
    candidate === null && master === null && reasons.length > 0 && own.role === 'master'
      ? restartInPlace(pair, host, own, changes.restart, desired, roles)
      : null;
  return {
    pair,
    // A hand-over writes every file with the roles of each moment.
    quiet: [...ready, ...(last || candidate ? [] : marked), ...units],
    candidate,
    roleFile: last ? marked : [],
    live,
    start: [],
    restart: reasons.length > 0 ? [opening(restartUnit(node, own, effect, inPlace?.data ?? null), restarts)] : [],
    blockers: [
      ...blockers,
      ...aclBlockers(node, host, own, acl),
      ...openFilesBlockers(node, host, { changes: [...changes.live, ...changes.restart], starts: reasons.length > 0 }),
      ...(candidate ? [] : restartBlockers(pair, desired.replication ? roles.master : null, reasons, inPlace)),
    ],
    risks: [
      ...runningRisks(node, host, own, changes.live, reasons),
      ...aclRisks(node, host, own, acl),
      ...unmeantMasterRisks(candidate),
      ...inPlaceRisks(node, own, inPlace),
      ...(reasons.length > 0 ? olderFileRisks(node, host, own) : []),
    ],
  };
}

function candidateFor(pair: Pair, roles: Roles, reasons: readonly string[]): Pair | null {
  if (reasons.length === 0 || pair !== roles.master || pair.redis?.role !== 'master') return null;
  return candidateOf(roles);
}

/** The Redis run by the unit: any other process on the port is a stray one. */
function ownRedis({ redis }: Pair, { unit }: HostFacts): RedisUp | null {
  return redis && redis.processId === unit.mainPid ? redis : null;
}
