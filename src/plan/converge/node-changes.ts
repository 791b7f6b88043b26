import type { Action, DirectiveChange, Endpoint, HeldData } from '../../domain/action.ts';
import { sameAddress } from '../../domain/address.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { directiveChanges } from '../directives/changes.ts';
import { diskDataBlockers } from '../unit/start-guard.ts';
import { directoryActions, dropInAction, redisConfAction } from '../host/write-file.ts';
import { disruptionsOf } from '../directives/disruption.ts';
import { heirOf } from '../hand-over/hand-over.ts';
import { runningRisks } from '../preflight/running-risks.ts';
import { fateOf, inPlaceRisks, restartInPlace } from '../restart/in-place.ts';
import { restartBlockers, restartReasons } from '../restart/restart.ts';
import { strayActions, strayBlockers } from '../unit/stop-stray-process.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { unitActions } from '../unit/state.ts';
import { wantedMaster } from '../roles/wanted-role.ts';

/** All that differs on one node, by what it does to it. */
export interface NodeChanges {
  pair: Pair;
  /** Disturb nobody: package, folders, files, units. */
  quiet: readonly Action[];
  /** CONFIG SET; none or one. */
  live: readonly Action[];
  /** The unit does not run. */
  start: readonly Action[];
  /** The unit runs, and what is wanted is read at start only. */
  restart: readonly Action[];
  /** The master’s role has to go there before the restart, as the node holds data; null where it need not. */
  heir: Pair | null;
  /** redis.conf of a running node that becomes a replica: written when it is one. */
  roleFile: readonly Action[];
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}

export function nodeChanges(pair: Pair, host: HostFacts, desired: DesiredCluster, roles: Roles): NodeChanges {
  const { desired: node } = pair;
  const master = wantedMaster(pair, roles, desired);
  const strays = strayBlockers(pair, host, desired.replication ? roles.master : null);
  const conf = redisConfAction(node, host, master);
  const dropIn = dropInAction(node, host);
  const ready = [
    ...packageAction(pair, host),
    ...strayActions(pair, host),
    ...directoryActions(node, host),
    ...(dropIn ? [dropIn] : []),
  ];
  const units = unitActions(node, host, dropIn !== null);
  const file = conf ? [conf] : [];
  const own = ownRedis(pair, host);
  if (!own)
    return {
      pair,
      quiet: [...ready, ...file, ...units],
      live: [],
      start: [startAction(pair)],
      restart: [],
      heir: null,
      roleFile: [],
      blockers: [...strays, ...diskDataBlockers(pair, host, master ? roles.master : null)],
      risks: [],
    };

  const changes = directiveChanges(node, host, own, desired, master);
  const reasons = restartReasons(node, host, own, changes.restart, master !== null);
  // The file names a master only once the node follows it: a REPLICAOF that is refused must not leave a file that makes
  // the next start a replica.
  const last = master !== null && !isReplicaOf(own, master);
  const heir = heirFor(pair, roles, reasons);
  const inPlace =
    heir === null && master === null && reasons.length > 0 && own.role === 'master' && own.keys > 0
      ? restartInPlace(pair, host, own, changes.restart, desired, roles)
      : null;
  return {
    pair,
    // Handing over writes every file, with the roles of each moment.
    quiet: [...ready, ...(last || heir ? [] : file), ...units],
    heir,
    roleFile: last ? file : [],
    live: changes.live.length > 0 ? [configSet(node, own, changes.live)] : [],
    start: [],
    restart: reasons.length > 0 ? [restartAction(pair, reasons, inPlace?.data ?? null)] : [],
    blockers: [
      ...strays,
      ...(heir ? [] : restartBlockers(pair, desired.replication ? roles.master : null, reasons, inPlace)),
    ],
    risks: [...runningRisks(node, host, own, changes.live, reasons), ...inPlaceRisks(node, own, inPlace)],
  };
}

function heirFor(pair: Pair, roles: Roles, reasons: readonly string[]): Pair | null {
  if (reasons.length === 0 || pair !== roles.master || pair.redis?.role !== 'master' || pair.redis.keys === 0)
    return null;
  return heirOf(roles);
}

function isReplicaOf({ master }: RedisUp, { host, port }: Endpoint): boolean {
  return master?.port === port && sameAddress(master.host, host);
}

/** The Redis that the unit runs: another process on the port is a stray one. */
function ownRedis({ redis }: Pair, { unit }: HostFacts): RedisUp | null {
  return redis && redis.processId === unit.mainPid ? redis : null;
}

function packageAction({ desired: node }: Pair, host: HostFacts): readonly Action[] {
  if (host.package.installed) return [];
  return [
    {
      kind: 'install-package',
      node: node.name,
      summary: `Install ${node.packageName}`,
      disruptive: false,
      reason: 'It is not installed.',
      packageName: node.packageName,
    },
  ];
}

function startAction({ desired: node }: Pair): Action {
  return {
    kind: 'start-unit',
    node: node.name,
    summary: `Start ${node.unit}`,
    disruptive: false,
    reason: 'It does not run.',
    unit: node.unit,
  };
}

function restartAction({ desired: node }: Pair, reasons: readonly string[], data: HeldData | null): Action {
  return {
    kind: 'restart-unit',
    node: node.name,
    summary: `${data?.kept ? 'Save the data and restart' : 'Restart'} ${node.unit}`,
    disruptive: true,
    reason: `${reasons.join('; ')}. Clients of this node are disconnected.${data ? ` ${fateOf(data)}` : ''}`,
    unit: node.unit,
    ...(data ? { data } : {}),
  };
}

function configSet(node: DesiredNode, redis: RedisUp, changes: readonly DirectiveChange[]): Action {
  const said = changes.map(({ directive, from, to }) => `${directive} ${quoted(from)} → ${quoted(to)}`);
  const disruptions = disruptionsOf(redis, changes);
  return {
    kind: 'config-set',
    node: node.name,
    summary: `Set ${said.join(', ')}`,
    disruptive: disruptions.length > 0,
    reason: ['Redis takes it while it runs: no restart.', ...disruptions.map(sentence)].join(' '),
    changes,
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function quoted(value: string): string {
  return value === '' ? '""' : value;
}
