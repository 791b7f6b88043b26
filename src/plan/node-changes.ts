import type { Action, DirectiveChange } from '../domain/action.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { HostFacts, RedisUp } from '../domain/facts.ts';
import type { Blocker, Risk } from '../domain/plan.ts';
import { directiveChanges } from './directive-changes.ts';
import { diskDataBlockers } from './disk-data.ts';
import { directoryActions, dropInAction, redisConfAction } from './file-actions.ts';
import { runningRisks } from './running-risks.ts';
import { restartBlockers, restartReasons } from './restart.ts';
import { strayActions, strayBlockers } from './stray.ts';
import type { Pair, Roles } from './topology.ts';
import { unitActions } from './unit-actions.ts';
import { wantedMaster } from './wanted-role.ts';

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
  blockers: readonly Blocker[];
  risks: readonly Risk[];
}

export function nodeChanges(pair: Pair, host: HostFacts, desired: DesiredCluster, roles: Roles): NodeChanges {
  const { desired: node } = pair;
  const master = wantedMaster(pair, roles, desired);
  const strays = strayBlockers(pair, host, desired.replication ? roles.master : null);
  const conf = redisConfAction(node, host, master);
  const dropIn = dropInAction(node, host);
  const quiet = [
    ...packageAction(pair, host),
    ...strayActions(pair, host),
    ...directoryActions(node, host),
    ...(dropIn ? [dropIn] : []),
    ...(conf ? [conf] : []),
    ...unitActions(node, host, dropIn !== null),
  ];
  const own = ownRedis(pair, host);
  if (!own)
    return {
      pair,
      quiet,
      live: [],
      start: [startAction(pair)],
      restart: [],
      blockers: [...strays, ...(master ? diskDataBlockers(node, host) : [])],
      risks: [],
    };

  const changes = directiveChanges(node, host, own, desired, master);
  const reasons = restartReasons(node, host, own, changes.restart, master !== null);
  return {
    pair,
    quiet,
    live: changes.live.length > 0 ? [configSet(node.name, changes.live)] : [],
    start: [],
    restart: reasons.length > 0 ? [restartAction(pair, reasons)] : [],
    blockers: [...strays, ...restartBlockers(pair, desired.replication ? roles.master : null, reasons)],
    risks: runningRisks(node, host, own, changes.live, reasons),
  };
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

function restartAction({ desired: node }: Pair, reasons: readonly string[]): Action {
  return {
    kind: 'restart-unit',
    node: node.name,
    summary: `Restart ${node.unit}`,
    disruptive: true,
    reason: `${reasons.join('; ')}. Clients of this node are disconnected.`,
    unit: node.unit,
  };
}

function configSet(node: string, changes: readonly DirectiveChange[]): Action {
  const said = changes.map(({ directive, from, to }) => `${directive} ${quoted(from)} → ${quoted(to)}`);
  return {
    kind: 'config-set',
    node,
    summary: `Set ${said.join(', ')}`,
    disruptive: false,
    reason: 'Redis takes it while it runs: no restart.',
    changes,
  };
}

function quoted(value: string): string {
  return value === '' ? '""' : value;
}
