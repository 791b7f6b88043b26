import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Wave } from '../../domain/plan.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** A node that loads its master’s data under the plan, or may have to. */
export interface Synchronization {
  pair: Pair;
  master: Pair;
  /** False: usually the backlog is enough, and a full synchronization is the fallback. */
  full: boolean;
  /** Whether its Redis is restarted for it. */
  restarted: boolean;
  /** Upper limit of the data still to come. */
  bytes: number;
}

/** Every node that synchronizes under the plan, in the inventory’s order. */
export function synchronizationsOf(
  waves: readonly Wave[],
  { replication }: DesiredCluster,
  { pairs, master }: Roles,
): readonly Synchronization[] {
  if (!replication || !master) return [];
  const actions = waves.flatMap((wave) => wave.actions);
  return pairs.flatMap((pair): Synchronization[] => {
    const own = actions.filter(({ node }) => node === pair.desired.name);
    const restarted = own.some(({ kind }) => kind === 'restart-unit');
    const needs = own.map((action) => needOf(action, pair, master));
    if (!needs.includes('full') && !needs.includes('partial')) return [];
    const received = pair.redis?.master?.syncInProgress ? (pair.redis.master.syncReadBytes ?? 0) : 0;
    const bytes = Math.max(0, datasetOf(master) - received);
    return [{ pair, master, full: needs.includes('full'), restarted, bytes }];
  });
}

/** For a stopped node: the data on its disk. */
export function datasetOf({ redis, facts }: Pair): number {
  if (redis) return redis.datasetBytes;
  return facts.reachable ? facts.host.dataFiles.reduce((sum, { bytes }) => sum + bytes, 0) : 0;
}

function needOf(action: Action, pair: Pair, master: Pair): 'full' | 'partial' | null {
  switch (action.kind) {
    case 'start-unit':
      return pair === master ? null : 'full';
    case 'resync':
      return 'full';
    case 'replicate':
      return pair.redis?.replicationId === master.redis?.replicationId ? 'partial' : 'full';
    case 'await-link':
      return pair.redis?.role === 'replica' && pair.redis.master?.up !== true ? 'full' : null;
    case 'restart-unit':
      return action.data ? null : 'partial';
    case 'back-up':
    case 'config-set':
    case 'daemon-reload':
    case 'delete-aside':
    case 'enable-unit':
    case 'hand-over':
    case 'install-package':
    case 'make-directory':
    case 'move-aside':
    case 'promote':
    case 'reset-failed':
    case 'stop-stray-process':
    case 'write-file':
    case 'set-up-sentinel':
    case 'sentinel-set':
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'pause-failover':
    case 'resume-failover':
    case 'note-drained':
      return null;
  }
}
