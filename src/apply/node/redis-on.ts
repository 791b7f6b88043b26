import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { settingsIn } from '../../domain/redis/config-get.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Opens the step’s Redis for the duration of `use`. */
export async function withRedis<T>(
  step: Pick<Step, 'session' | 'desired'>,
  use: (link: RedisLink) => Promise<T>,
): Promise<T> {
  const link = await step.session.redis(step.desired.password);
  try {
    return await use(link);
  } finally {
    link.close();
  }
}

/** The running values of some directives, by CONFIG GET. @throws REDIS_ERROR for an invalid reply. */
export async function readSettings(
  link: RedisLink,
  ...directives: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  return settingsIn(await link.command('CONFIG', 'GET', ...directives));
}

/** The current state of another node’s Redis. Fails as the connection does. */
export async function stateOf(node: DesiredNode, step: Pick<Step, 'nodes' | 'desired'>): Promise<ReplicationState> {
  const session = await step.nodes.connect(node);
  return withRedis({ ...step, session }, readState);
}

/**
 * The cluster’s node at an endpoint reported by `reader` (default: the step’s node). Null if it is unknown or
 * ambiguous.
 */
export function nodeAt(
  endpoint: Endpoint | null,
  { node, desired, identities }: Step,
  reader: string = node.name,
): DesiredNode | null {
  const name = identities.nodeAt(endpoint, reader);
  return desired.nodes.find((each) => each.name === name) ?? null;
}
