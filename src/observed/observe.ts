import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import type { HostFacts, NodeFacts, RedisFacts } from '../domain/facts.ts';
import { didYouMean } from '../domain/nearest.ts';
import { directivesOf } from '../domain/redis-conf.ts';
import type { Nodes } from '../ports.ts';
import { observeHost } from './host.ts';
import { observeRedis } from './redis.ts';

/** Every node at once, in the inventory’s order. A node that cannot be read is an answer, not an error. */
export function observe(desired: DesiredCluster, nodes: Nodes): Promise<readonly NodeFacts[]> {
  return Promise.all(desired.nodes.map((node) => readNode(desired, node, nodes)));
}

/** @throws UNKNOWN_NODE for a name that the inventory does not have. */
export async function observeNode(desired: DesiredCluster, name: string, nodes: Nodes): Promise<NodeFacts> {
  const node = desired.nodes.find((each) => each.name === name);
  if (node) return readNode(desired, node, nodes);
  const names = desired.nodes.map((each) => each.name);
  throw new RedisopsError('UNKNOWN_NODE', `The inventory has no node “${name}”.${didYouMean(name, names)}`, {
    hint: `The nodes are: ${names.join(', ')}.`,
  });
}

async function readNode(desired: DesiredCluster, node: DesiredNode, nodes: Nodes): Promise<NodeFacts> {
  const { name, address, redisPort } = node;
  const secrets = [desired.password, desired.masterauth].filter((secret) => secret !== undefined);
  // Directives that any node’s file names are read on every node: one more round trip would cost more.
  const also = desired.nodes.flatMap(({ redisConf }) => directivesOf(redisConf.content).map((each) => each.name));
  try {
    const session = await nodes.connect(node);
    const [host, redis] = await Promise.all([
      observeHost(session, node, secrets),
      observeRedis(session, node, desired.password, also),
    ]);
    return { reachable: true, name, address, redisPort, host, redis: reconciled(redis, host) };
  } catch (thrown) {
    const { code, message } = asRedisopsError(thrown);
    return { reachable: false, name, address, code, reason: message };
  }
}

/** A refused connection means down only where the unit is not active: unknown is not absent. */
function reconciled(redis: RedisFacts, { unit }: HostFacts): RedisFacts {
  if (redis.state !== 'down' || !['active', 'activating', 'reloading'].includes(unit.activeState)) return redis;
  return {
    state: 'unreadable',
    code: 'REDIS_UNREACHABLE',
    reason: `${redis.reason} Yet its unit is ${unit.activeState}.`,
  };
}
