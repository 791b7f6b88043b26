import type { DirectiveChange } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { directivesOf } from '../../domain/redis/redis-conf.ts';
import { directoryActions } from '../host/write-file.ts';
import { isOnlyCopy } from '../roles/own-data.ts';
import type { InPlace } from './in-place.ts';
import type { Pair } from '../roles/topology.ts';

/** Why the running Redis would have to be started again; empty where it need not. No figures that move: they are approved. */
export function restartReasons(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  changes: readonly DirectiveChange[],
  isReplica: boolean,
): readonly string[] {
  const directives = changes.map(
    ({ directive, from, to }) =>
      `${directive} (${from === '' ? '""' : from} → ${to === '' ? '""' : to}) is read at start only`,
  );
  const needsDisk = isReplica || redis.role === 'replica' || wantsPersistence(node);
  const sandboxed = needsDisk && isSandboxed(node, host);
  return [...directives, ...(sandboxed ? [`the running Redis cannot write ${node.dataDirectory}`] : [])];
}

/** Read-only through the unit’s sandbox; where only owner or mode are wrong, setting them is enough. */
export function isSandboxed(node: DesiredNode, host: HostFacts): boolean {
  if (host.dataDirectoryWritable !== false) return false;
  return isOutsideSandbox(node, host) || directoryActions(node, host).length === 0;
}

/** By what systemd has loaded of the unit: a running Redis started under it, or under less. */
function isOutsideSandbox({ dataDirectory }: DesiredNode, { unit }: HostFacts): boolean {
  if (unit.protectSystem !== 'strict') return false;
  const writable = unit.readWritePaths.map((path) => path.replace(/^[-+]*/, '').replace(/\/$/, ''));
  return !writable.some((path) => `${dataDirectory}/`.startsWith(`${path}/`));
}

export function wantsPersistence(node: DesiredNode): boolean {
  const values = new Map(directivesOf(node.redisConf.content).map(({ name, value }) => [name, value]));
  return (values.get('save') ?? '') !== '' || values.get('appendonly')?.toLowerCase() === 'yes';
}

/**
 * A master that holds data is not restarted where that cannot be saved: it would come back empty, and its replicas would
 * copy the emptiness. Nor is a replica that holds what its master has not.
 */
export function restartBlockers(
  pair: Pair,
  master: Pair | null,
  reasons: readonly string[],
  inPlace: InPlace | null,
): readonly Blocker[] {
  const { redis } = pair;
  if (reasons.length === 0 || !redis || inPlace?.data || !isOnlyCopy(pair, master)) return [];
  const node = pair.desired.name;
  const why = `and would have to be restarted: ${reasons.join('; ')}.`;
  if (redis.role === 'master')
    return [
      {
        code: 'MASTER_RESTART_HOLDS_DATA',
        node,
        message: `${node} is a master with ${redis.keys} keys ${why}`,
        hint: `No replica is in sync, of the same version and free of Sentinel, to take its role meanwhile. Nor can it be saved and loaded again: ${inPlace?.obstacle ?? 'it is to be a replica'}. Put one of these right, then plan again.`,
      },
    ];
  return [
    {
      code: 'REPLICA_HOLDS_DATA',
      node,
      message: `${node} holds ${redis.keys} keys, is not in sync with its master, ${why}`,
      hint: 'It may be the only copy. Save its data, or put its master right, first.',
    },
  ];
}
