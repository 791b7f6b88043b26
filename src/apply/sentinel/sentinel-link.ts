import { hostsOf, type ClusterHost } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { sentinelAddress, sentinelPassword } from '../../domain/sentinel/access.ts';
import { mastersIn, peersIn, quorumCheckIn, replicasIn, type SentinelMaster } from '../../domain/sentinel/replies.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import type { SentinelPlace } from '../../domain/sentinel/switchover.ts';
import type { SentinelStep } from '../node/step.ts';

/** A Sentinel and this cluster’s master as it sees it; null if it does not watch it. */
export interface SentinelLook {
  node: string;
  id: string;
  master: SentinelMaster | null;
}

/** Opens a node’s Sentinel for the duration of `use`. @throws UNKNOWN_NODE if Git asks for none there; as `redis` does. */
export async function withSentinel<T>(
  node: ClusterHost,
  step: SentinelStep,
  use: (link: RedisLink) => Promise<T>,
): Promise<T> {
  const { sentinel } = node;
  if (!sentinel)
    throw new RedisopsError('UNKNOWN_NODE', `Git asks for no Sentinel on ${node.name}.`, { hint: 'Make a new plan.' });
  return withSentinelAt({ node: node.name, port: sentinel.port }, step, use);
}

/** The same on the port where it was found. @throws UNKNOWN_NODE; as `redis` does. */
export async function withSentinelAt<T>(
  place: SentinelPlace,
  step: SentinelStep,
  use: (link: RedisLink) => Promise<T>,
): Promise<T> {
  const link = await openSentinel(place, step);
  try {
    return await use(link);
  } finally {
    link.close();
  }
}

/** With the password in Git, if it asks for a Sentinel there. @throws UNKNOWN_NODE; as `redis` does. */
export async function openSentinel({ node: name, port }: SentinelPlace, step: SentinelStep): Promise<RedisLink> {
  const node = hostsOf(step.desired).find((host) => host.name === name);
  if (!node) throw new RedisopsError('UNKNOWN_NODE', `${name} is not in the inventory.`, { hint: 'Make a new plan.' });
  const session = await step.nodes.connect(sentinelAddress(node, port));
  return session.redis(sentinelPassword(node));
}

/** Null if nothing answers yet. @throws as the connection does, for any other reason. */
export async function lookAtSentinel(node: ClusterHost, step: SentinelStep): Promise<SentinelLook | null> {
  const look = withSentinel(node, step, async (link) => {
    const [id, masters] = await Promise.all([link.command('SENTINEL', 'MYID'), link.command('SENTINEL', 'MASTERS')]);
    const found = mastersIn(masters).find(({ name }) => name === node.sentinel?.masterName);
    if (!found) return { node: node.name, id: String(id), master: null };
    const of = (command: string) => link.command('SENTINEL', command, found.name);
    const [replicas, peers, check] = await Promise.all([
      of('REPLICAS').then(replicasIn),
      of('SENTINELS').then(peersIn),
      of('CKQUORUM').then(String, (error: unknown) => asRedisopsError(error).message),
    ]);
    return {
      node: node.name,
      id: String(id),
      master: { ...found, replicas, peers, quorumCheck: quorumCheckIn(check) },
    };
  });
  return look.catch((error: unknown) => {
    const { code } = asRedisopsError(error);
    if (code === 'REDIS_UNREACHABLE' || code === 'REDIS_CONNECTION_LOST') return null;
    throw error;
  });
}
