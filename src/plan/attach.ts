import type { Action, Endpoint } from '../domain/action.ts';
import type { Blocker } from '../domain/plan.ts';
import { holdsOwnData } from './own-data.ts';
import { follows, type Pair } from './topology.ts';

export interface Attachment {
  actions: readonly Action[];
  blockers: readonly Blocker[];
}

const NOTHING: Attachment = { actions: [], blockers: [] };

/**
 * Makes a running node a replica of the master. REPLICAOF empties the node first: only one that holds nothing, or whose
 * data is the master’s own history, is attached.
 */
export function attach(pair: Pair, master: Pair, endpoint: Endpoint): Attachment {
  const { desired: node, redis } = pair;
  if (!redis || follows(pair, master)) return NOTHING;
  if (redis.watchedBySentinel) return { actions: [], blockers: [watched(node.name)] };
  if (holdsOwnData(pair, master)) return { actions: [], blockers: [holdsData(pair, master)] };
  const moved = redis.role === 'replica';
  const replicate: Action = {
    kind: 'replicate',
    node: node.name,
    summary: `Replicate from ${master.desired.name} (${endpoint.host}:${endpoint.port})`,
    disruptive: moved,
    reason: moved ? 'It follows another node; it synchronises anew.' : 'It is not a replica yet.',
    master: endpoint,
  };
  return { actions: [replicate, awaitLink(node.name, endpoint)], blockers: [] };
}

export function awaitLink(node: string, master: Endpoint): Action {
  return {
    kind: 'await-link',
    node,
    summary: `Wait until it is in sync with ${master.host}:${master.port}`,
    disruptive: false,
    reason: 'The next step relies on it.',
    master,
  };
}

function holdsData({ desired: node, redis }: Pair, master: Pair): Blocker {
  return {
    code: 'REPLICA_HOLDS_DATA',
    node: node.name,
    message: `${node.name} holds ${redis?.keys ?? 0} keys of its own, and ${master.desired.name} holds ${master.redis?.keys ?? 0}: as a replica it would lose them.`,
    hint: 'Save what is needed and empty the node by hand. Turning a node with data into a replica is not available yet.',
  };
}

function watched(node: string): Blocker {
  return {
    code: 'SENTINEL_WATCHES',
    node,
    message: `Sentinel watches ${node}: its role changes through Sentinel only.`,
    hint: 'Let Sentinel do it, or take the node out of its watch first.',
  };
}
