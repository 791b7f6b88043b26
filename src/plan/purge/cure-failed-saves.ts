import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import { keepsData, persistenceSettings } from '../../domain/redis/remains.ts';
import { nodeChanges, type NodeChanges } from '../converge/node-changes.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/**
 * Directives for saves, and nothing else. The append-only file is not included: it grows while people read the plan.
 */
const OF_SAVES: ReadonlySet<string> = new Set([
  'rdb-del-sync-files',
  'save',
  'shutdown-on-sigint',
  'shutdown-on-sigterm',
  'stop-writes-on-bgsave-error',
]);

/**
 * A node whose saves fail although Git wants none refuses writes (MISCONF, writeCommandsDeniedByDiskError in Redis’s
 * server.c): sets Git’s save settings, live and in its file. Empty if more differs, which needs an apply.
 */
export function cureFailedSaves(pair: Pair, desired: DesiredCluster, roles: Roles): readonly Action[] {
  const { facts, redis } = pair;
  if (!facts.reachable || !redis || redis.persistence.rdbLastSaveOk) return [];
  if (redis.configuration.get('save') === '' || wantsData(pair)) return [];
  const changes = nodeChanges(pair, facts.host, desired, roles);
  return isOfSavesOnly(changes) ? [...changes.quiet, ...changes.live] : [];
}

function wantsData({ desired }: Pair): boolean {
  return keepsData(persistenceSettings(desired.redisConf.content.values));
}

function isOfSavesOnly({ quiet, live, start, restart, roleFile, blockers }: NodeChanges): boolean {
  const others = [...start, ...restart, ...roleFile, ...blockers];
  const changed = live.flatMap((action) => (action.kind === 'config-set' ? action.changes : []));
  return (
    others.length === 0 &&
    quiet.every((action) => action.kind === 'make-directory' || isRedisConf(action)) &&
    changed.some(({ directive }) => directive === 'save') &&
    changed.every(({ directive }) => OF_SAVES.has(directive))
  );
}

function isRedisConf(action: Action): boolean {
  return action.kind === 'write-file' && action.file === 'redis.conf';
}
