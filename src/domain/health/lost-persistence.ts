import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts, RedisUp } from '../facts.ts';
import type { RedisConf } from '../redis/redis-conf.ts';
import type { Fault } from '../verdict.ts';
import { refusedWrites } from './refused-writes.ts';

/**
 * Nodes that no longer keep their data on disk, although they take writes: the last save or append failed, or what Git
 * asks for is off. A node that refuses writes for it is reported as that.
 */
export function lostPersistence({ nodes }: DesiredCluster, observed: readonly NodeFacts[]): readonly Fault[] {
  return observed.flatMap((facts) => {
    if (!facts.reachable || facts.redis.state !== 'up') return [];
    const asked = nodes.find(({ name }) => name === facts.name)?.redisConf.content;
    const { redis, name } = facts;
    return [...failing(redis), ...(asked ? off(asked, redis) : [])].map(({ code, what, hint }) => ({
      verdict: 'degraded',
      code,
      node: name,
      message: `${name} ${what}`,
      hint,
    }));
  });
}

interface Loss {
  code: 'PERSISTENCE_FAILING' | 'PERSISTENCE_OFF';
  /** What follows the node’s name. */
  what: string;
  hint: string;
}

function failing(redis: RedisUp): readonly Loss[] {
  const { persistence, configuration } = redis;
  if (refusedWrites(redis).some(({ reply }) => reply === 'MISCONF')) return [];
  const hint = 'Check the disk and Redis’s log. Redis retries by itself.';
  if (persistence.aofEnabled && !persistence.aofLastWriteOk)
    return [{ code: 'PERSISTENCE_FAILING', what: 'cannot write its append-only file.', hint }];
  if (!persistence.rdbLastSaveOk && (configuration.get('save') ?? '') !== '')
    return [{ code: 'PERSISTENCE_FAILING', what: 'could not save its data: the last save failed.', hint }];
  return [];
}

function off(asked: RedisConf, { persistence, configuration }: RedisUp): readonly Loss[] {
  const lost = [
    ...(asked.get('appendonly')?.toLowerCase() === 'yes' && !persistence.aofEnabled ? ['the append-only file'] : []),
    ...((asked.get('save') ?? '') !== '' && configuration.get('save') === '' ? ['saving'] : []),
  ];
  if (lost.length === 0) return [];
  return [
    {
      code: 'PERSISTENCE_OFF',
      what: `runs without persistence that Git asks for: ${lost.join(' and ')} is off.`,
      hint: '`apply` turns it on again.',
    },
  ];
}
