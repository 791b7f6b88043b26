import type { RedisConf } from '../redis/redis-conf.ts';
import { minuteOf } from '../text/minute.ts';

/** A host prepared for a reboot: its Redis takes no role until it is undrained. Noted on the host. */
export interface Drained {
  /** ISO 8601. */
  at: string;
  by: string;
  /** `replica-priority` before, as in redis.conf; null if the file did not have it. */
  line: string | null;
  /** The same, as it ran; null if Redis was not running. */
  running: string | null;
}

/** 0: neither Sentinel nor redisops makes such a node the master. */
export const DRAINED_PRIORITY = '0';
export const PRIORITY = 'replica-priority';

/** Redis’s own default (redis.conf). */
export const USUAL_PRIORITY = '100';

/** redis.conf of a drained node. */
export function whileDrained(conf: RedisConf): RedisConf {
  return conf.withDirective(PRIORITY, DRAINED_PRIORITY);
}

/** One file per unit, beside the other notes of redisops. */
export const DRAINED_FOLDER = '/var/lib/redisops';

export function drainedNote({ at, by, line, running }: Drained): string {
  return JSON.stringify({ at, by, line, running });
}

/** `drained since 2025-12-03 14:05 UTC by anna`. */
export function describeDrained({ at, by }: Pick<Drained, 'at' | 'by'>): string {
  return `drained since ${minuteOf(at)} by ${by}`;
}
