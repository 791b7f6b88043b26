import type { DesiredSentinel } from '../desired.ts';
import type { RedisConf } from '../redis/redis-conf.ts';
import type { SentinelWait } from './drop-in.ts';

/** From the votes to the Sentinels’ agreement: about two seconds. Seconds. */
const FAILOVER_SECONDS = 10;
/** Less than systemd’s limit for a start. Seconds. */
const MOST_SECONDS = 60;

/** How a start waits for Sentinel’s failover. Null with an append-only file, which has what the master acknowledged. */
export function startWait(
  host: string,
  port: number,
  sentinel: DesiredSentinel | null,
  redisConf: RedisConf,
): SentinelWait | null {
  if (!sentinel || sentinel.startsAtOnce || redisConf.get('appendonly') === 'yes') return null;
  const { file, masterName } = sentinel;
  const downAfterMs = Number(file.content.ofMaster(masterName, 'down-after-milliseconds') ?? 30_000);
  const seconds = Math.min(MOST_SECONDS, Math.ceil(downAfterMs / 1000) + FAILOVER_SECONDS);
  return { file: file.path, masterName, host, port, seconds };
}
