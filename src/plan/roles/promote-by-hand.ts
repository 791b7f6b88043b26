import type { RedisUp } from '../../domain/facts.ts';
import { keyCount } from '../../domain/text/figures.ts';
import type { Pair } from './topology.ts';

type Running = Pair & { redis: RedisUp };

/** `redis-02 holds 500 keys, redis-03 holds 498 keys`. */
export function holdings(pairs: readonly Pair[]): string {
  return pairs
    .filter(isRunning)
    .map(({ desired, redis }) => `${desired.name} holds ${keyCount(redis.keys)}`)
    .join(', ');
}

/** The way out of a dead master with a replica’s data, by hand: the replica that has followed it furthest. */
export function promoteByHand(replicas: readonly Pair[]): string {
  const [best] = replicas.filter(isRunning).toSorted((a, b) => b.redis.offset - a.redis.offset);
  if (!best) return '';
  const { name, redisPort } = best.desired;
  return `To go on with the data of ${name}, run \`redis-cli -p ${redisPort} REPLICAOF NO ONE\` there, then \`apply\`: it follows the new master.`;
}

function isRunning(pair: Pair): pair is Running {
  return pair.redis !== null;
}
