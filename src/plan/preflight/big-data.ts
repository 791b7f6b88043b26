import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Limits } from '../../domain/limits.ts';
import { memoryBytes } from '../../domain/redis/directive-value.ts';
import { bytes, duration } from '../../domain/text/figures.ts';
import { replicaBuffer } from '../../domain/redis/output-buffer.ts';
import type { Risk } from '../../domain/plan.ts';
import { settingOf } from '../directives/setting.ts';
import { datasetOf, type Synchronization } from '../synchronize/synchronizations.ts';
import { syncFigures, syncRisks, type Burden } from '../synchronize/sync-figures.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** If the plan sets them, they are checked even without a synchronization. */
const OF_INTEREST = ['client-output-buffer-limit', 'repl-backlog-size', 'repl-timeout'];

/** Risks from data size and write rate, in figures. */
export function bigDataRisks(
  actions: readonly Action[],
  synchronizations: readonly Synchronization[],
  { limits, replication }: DesiredCluster,
  { pairs, master }: Roles,
): readonly Risk[] {
  const starts = pairs.flatMap((pair) => startRisks(pair, actions, limits));
  if (!replication || !master?.redis) return starts;
  const asked = actions.flatMap((action) => (action.kind === 'config-set' ? action.changes : []));
  const sets = asked.some(({ directive }) => OF_INTEREST.includes(directive));
  const restarts = synchronizations.some(({ restarted }) => restarted);
  if (synchronizations.length === 0 && !sets) return starts;
  const burden = burdenOf(master, pairs, limits);
  return [
    ...syncRisks(burden, {
      synchronizes: synchronizations.length > 0 || sets,
      interrupted: restarts ? 'by a restart' : sets || isCut(actions) ? 'by the network' : null,
    }),
    ...durationRisks(synchronizations, limits),
    ...starts,
  ];
}

function isCut(actions: readonly Action[]): boolean {
  return actions.some(({ kind }) => kind === 'hand-over' || kind === 'resync');
}

function burdenOf(master: Pair, pairs: readonly Pair[], limits: Limits): Burden {
  const timeouts = pairs.map((pair) => Number(settingOf(pair, 'repl-timeout')));
  return {
    master: master.desired.name,
    datasetBytes: datasetOf(master),
    writeBytesPerSecond: master.redis?.writeBytesPerSecond ?? 0,
    buffer: replicaBuffer(settingOf(master, 'client-output-buffer-limit')),
    backlogBytes: memoryBytes(settingOf(master, 'repl-backlog-size')) ?? 0,
    timeoutSeconds: Math.min(...timeouts),
    limits,
  };
}

/** Shorter waits need no announcement. */
const LONG_SECONDS = 30;

function durationRisks(synchronizations: readonly Synchronization[], limits: Limits): readonly Risk[] {
  return synchronizations.flatMap(({ pair, bytes: size, full }): Risk[] => {
    const { transfer, load } = syncFigures(size, limits);
    if (transfer + load < LONG_SECONDS) return [];
    const when = full ? '' : ', if the backlog is too short,';
    return [
      {
        code: null,
        node: pair.desired.name,
        message: `A full synchronization of ${pair.desired.name}${when} carries up to ${bytes(size)}: about ${duration(transfer * 1000)} for the network (limits.sync_mbit_per_second) and ${duration(load * 1000)} to load.`,
      },
    ];
  });
}

/** systemd kills a Redis that is still loading at its start timeout, and restarts it, again and again. */
function startRisks(pair: Pair, actions: readonly Action[], limits: Limits): readonly Risk[] {
  const { desired: node, facts } = pair;
  const starts = actions.some(
    (action) => action.node === node.name && (action.kind === 'start-unit' || action.kind === 'restart-unit'),
  );
  if (!starts || !facts.reachable) return [];
  const { startTimeoutMs = Number.POSITIVE_INFINITY } = facts.host.unit;
  const mostMs = Math.min(startTimeoutMs, limits.startMs);
  const { load } = syncFigures(datasetOf(pair), limits);
  if (load * 1000 <= mostMs) return [];
  const whose = startTimeoutMs <= limits.startMs ? 'TimeoutStartSec of its unit' : 'limits.start of redisops.yml';
  return [
    {
      code: 'START_LIMIT_SHORT',
      node: node.name,
      message: `${node.name} loads ${bytes(datasetOf(pair))} at its start, about ${duration(load * 1000)}; ${whose} ends that after ${duration(mostMs)}.`,
    },
  ];
}
