import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import { keepsData, persistenceSettings } from '../../domain/redis/remains.ts';
import { nodeChanges, type NodeChanges } from '../converge/node-changes.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** What saves are made by, and nothing else. The append-only file is not among them: it grows while one reads the plan. */
const OF_SAVES: ReadonlySet<string> = new Set([
  'rdb-del-sync-files',
  'save',
  'shutdown-on-sigint',
  'shutdown-on-sigterm',
  'stop-writes-on-bgsave-error',
]);

/**
 * A node whose saves fail while Git wants none refuses writes (MISCONF, writeCommandsDeniedByDiskError in Redis’s
 * server.c): what Git says of saves, live and in its file. Nothing where more than that differs, which is for an apply.
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
