import type { Action } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { Identities } from '../../domain/replication/identity.ts';
import type { RedisUp } from '../../domain/facts.ts';
import { keyCount } from '../../domain/text/figures.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { holdsOwnData } from '../roles/own-data.ts';
import { follows, type Pair } from '../roles/topology.ts';
import { awaitLink } from './await-link.ts';
import { backUp } from './back-up.ts';

export interface Attachment {
  actions: readonly Action[];
  blockers: readonly Blocker[];
}

const NOTHING: Attachment = { actions: [], blockers: [] };

/** Makes a running node a replica. REPLICAOF empties it first, so it must be empty or share the master’s history. */
export function attach(pair: Pair, master: Pair, endpoint: Endpoint, identities: Identities): Attachment {
  const { desired: node, redis } = pair;
  if (!redis || identities.isPointedAt(redis.master, endpoint, node.name)) return NOTHING;
  if (redis.watchedBySentinel) return { actions: [], blockers: [watched(node.name)] };
  const own = holdsOwnData(pair, master) || isUnlikeMaster(redis, master);
  if (own && redis.role === 'replica') return { actions: [], blockers: [holdsData(pair, master)] };
  if (own) return { actions: givesUp(node.name, redis, master, endpoint), blockers: [] };
  const moved = redis.role === 'replica';
  const replicate: Action = {
    kind: 'replicate',
    node: node.name,
    summary: `Replicate from ${master.desired.name} (${endpoint.host}:${endpoint.port})`,
    disruptive: moved,
    reason: reasonToReplicate(pair, master),
    master: endpoint,
  };
  return { actions: [replicate, awaitLink(node.name, endpoint)], blockers: [] };
}

function reasonToReplicate(pair: Pair, master: Pair): string {
  if (pair.redis?.role !== 'replica') return 'It is not a replica yet.';
  if (!follows(pair, master)) return 'It follows another node and needs a new synchronization.';
  return `It follows ${master.desired.name} as ${pair.redis.master?.host ?? ''}, and has no link that way.`;
}

/** Same replication ID as the master, but no promotion explains it: its data is its own anyway. */
function isUnlikeMaster(redis: RedisUp, { redis: master }: Pair): boolean {
  return redis.role === 'master' && redis.keys > 0 && !(master && isUntouchedCopy(redis, master));
}

/** The backup precedes the loss; they are separate steps, so that a failed one ends the run. */
export function givesUp(node: string, redis: RedisUp, master: Pair, endpoint: Endpoint): readonly Action[] {
  const keys = keyCount(redis.keys);
  const databases = perDatabase(redis);
  return [
    backUp(node, redis.keys),
    {
      kind: 'replicate',
      node,
      summary: `Give up its ${keys} and replicate from ${master.desired.name} (${endpoint.host}:${endpoint.port})`,
      disruptive: true,
      reason: `It holds ${keys} of its own (${databases}), which are then only in the backup. Any write after that backup stops this step.`,
      master: endpoint,
      drops: redis.keys,
    },
    awaitLink(node, endpoint),
  ];
}

function perDatabase({ keyspace }: RedisUp): string {
  return [...keyspace].map(([index, keys]) => `db${index}: ${keys}`).join(', ');
}

/** For the approver; changing figures are not part of the approval. */
export function riskOfGivingUp(pair: Pair, master: Pair): Risk {
  const { redis, desired } = pair;
  const names = redis?.keyNames ?? [];
  const own = redis ? `${keyCount(redis.keys)} (${perDatabase(redis)}) in ${redis.usedMemoryBytes} bytes` : 'keys';
  const its = master.redis ? `${keyCount(master.redis.keys)} (${perDatabase(master.redis)})` : 'nothing';
  const more =
    (redis?.keys ?? 0) > (master.redis?.keys ?? 0) ? ' That is less. Check that this is the right master.' : '';
  const sample = names.length > 0 ? ` Some names: ${names.join(', ')}.` : '';
  return {
    code: 'REPLICA_HOLDS_DATA',
    node: desired.name,
    message: `${desired.name} gives up ${own}; its new master ${master.desired.name} holds ${its}.${more}${sample}`,
  };
}

function holdsData({ desired: node, redis }: Pair, master: Pair): Blocker {
  return {
    code: 'REPLICA_HOLDS_DATA',
    node: node.name,
    message: `${node.name} holds ${redis?.keys ?? 0} keys of its own, and ${master.desired.name} holds ${master.redis?.keys ?? 0}: as a replica it would lose them.`,
    hint: 'If you need its data, detach it (REPLICAOF NO ONE): a node without a master is backed up before it becomes a replica.',
  };
}

function watched(node: string): Blocker {
  return {
    code: 'SENTINEL_WATCHES',
    node,
    message: `Sentinel watches ${node}: its role changes through Sentinel only.`,
    hint: 'Let Sentinel do it, or remove the node from Sentinel first.',
  };
}
