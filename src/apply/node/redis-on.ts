import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';
import type { RedisLink } from '../../ports/nodes.ts';

/** Opens the step’s Redis for the time of `use`. */
export async function withRedis<T>(step: Step, use: (link: RedisLink) => Promise<T>): Promise<T> {
  const link = await step.session.redis(step.desired.password);
  try {
    return await use(link);
  } finally {
    link.close();
  }
}

/** Another node of the cluster, as its Redis is right now. Fails as the connection does. */
export async function stateOf(node: DesiredNode, step: Step): Promise<ReplicationState> {
  const session = await step.nodes.connect(node);
  return withRedis({ ...step, node, session }, readState);
}

/** The cluster’s node behind a master’s address; null where it is none of ours. */
export function nodeAt({ host, port }: Endpoint, step: Step): DesiredNode | null {
  return step.desired.nodes.find((node) => node.address === host && node.redisPort === port) ?? null;
}
