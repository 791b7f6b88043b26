import type { Blocker } from '../../domain/plan.ts';
import { redisElsewhere, type RunningElsewhere } from '../../domain/health/redis-elsewhere.ts';
import type { Pair } from '../roles/topology.ts';

/** Nothing starts beside a Redis that runs: it would be empty, or have the other’s files. */
export function otherRedisBlockers({ desired, facts }: Pair): readonly Blocker[] {
  if (!facts.reachable) return [];
  const { name, unit, redisConf } = desired;
  const other = redisElsewhere(desired, facts.host, facts.redis);
  if (!other) return [];
  const { redis } = facts;
  const holds = redis.state === 'up' ? ` It is a ${redis.role} with ${redis.keys} keys.` : '';
  const file = `${desired.dataDirectory}/${redisConf.content.get('dbfilename') ?? 'dump.rdb'}`;
  return [
    {
      code: 'REDIS_RUNS_ELSEWHERE',
      node: name,
      message: `On ${name} Redis runs under ${other.owner}${placeOf(other)}, not under ${unit}.${holds}`,
      hint: `Leave it running: ${unit} would start without its data. redisops manages ${unit} with ${redisConf.path} only. To move here: BGSAVE, stop and disable the other Redis, copy its RDB file to ${file} (owner redis), then plan again.`,
    },
  ];
}

function placeOf({ configFile, directory }: RunningElsewhere): string {
  const file = configFile === null ? [] : [configFile === '' ? 'no configuration file' : configFile];
  const said = [...file, ...(directory === null ? [] : [`data in ${directory}`])];
  return said.length === 0 ? '' : ` with ${said.join(' and ')}`;
}
