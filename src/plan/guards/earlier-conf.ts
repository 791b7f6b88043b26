import type { DesiredNode } from '../../domain/desired.ts';
import { presentConf, type HostFacts } from '../../domain/facts.ts';
import { fileOrigin } from '../../domain/file-origin.ts';
import type { RedisConf } from '../../domain/redis/redis-conf.ts';

/** The file that Redis ran with; null on a bare node. */
export function earlierConf({ redisConf }: DesiredNode, host: HostFacts): RedisConf | null {
  const origin = fileOrigin(redisConf, host);
  return origin === 'redisops' || origin === 'someone' ? presentConf(host, redisConf) : null;
}
