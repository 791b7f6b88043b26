import { randomBytes } from 'node:crypto';

/** A unique key, with a value that no earlier run wrote: a constant value would pass on stale data. */
export interface ProbeKey {
  key: string;
  value: string;
}

/** Seconds after which a key that could not be removed expires. */
export const PROBE_EXPIRY_SECONDS = 60;

export function newProbeKey(): ProbeKey {
  return { key: `redisops:probe:${randomBytes(16).toString('hex')}`, value: randomBytes(16).toString('hex') };
}
