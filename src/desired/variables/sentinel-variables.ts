import type { Secret } from '../../domain/secret.ts';
import { SENTINEL_PORT } from '../../domain/sentinel/sentinel-file.ts';
import { isNothing, type Value } from '../yaml/value.ts';
import type { Problems } from '../source/problems.ts';
import { take, type Variables } from './node-variables.ts';
import { bad, good, readPassword, readPort, readText, seen, type Read } from './variable-value.ts';

/** `redis_sentinel_*`: what Git says of the cluster’s Sentinels. Null: not said. */
export interface SentinelVariables {
  quorum: number | null;
  downAfterMs: number;
  failoverTimeoutMs: number;
  parallelSyncs: number;
  port: number;
  password: Secret | null;
  masterName: string | null;
  /** The inventory group of the hosts that run Sentinel. */
  group: string | null;
}

export function readSentinelVariables(variables: Variables, problems: Problems): SentinelVariables {
  const count = (name: string, most: number, fallback: number): number =>
    take(variables, name, readCount(most), fallback, problems);
  return {
    quorum: isGiven(variables, 'redis_sentinel_quorum') ? count('redis_sentinel_quorum', 1000, 1) : null,
    downAfterMs: count('redis_sentinel_down_after', 3_600_000, 5000),
    failoverTimeoutMs: count('redis_sentinel_failover_timeout', 3_600_000, 60_000),
    parallelSyncs: count('redis_sentinel_parallel_syncs', 100, 1),
    port: take(variables, 'redis_sentinel_port', readPort, SENTINEL_PORT, problems),
    password: take(variables, 'redis_sentinel_password', readPassword, null, problems),
    masterName: take(variables, 'redis_sentinel_master_name', readName, null, problems),
    group: take(variables, 'redis_sentinel_group', readName, null, problems),
  };
}

function isGiven(variables: Variables, name: string): boolean {
  const entry = variables.get(name);
  return entry !== undefined && !isNothing(entry.value);
}

function readCount(most: number): (value: Value) => Read<number> {
  return (value) => {
    const text = readText(value);
    if (!text.ok) return text;
    const count = /^[1-9]\d{0,8}$/.test(text.value) ? Number(text.value) : 0;
    return count >= 1 && count <= most ? good(count) : bad(`must be a number from 1 to ${most}, not ${seen(value)}`);
  };
}

/** The characters that Sentinel accepts (sentinel.c, sentinelIsValidMasterName). */
export function readName(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return /^[\w.-]{1,100}$/.test(text.value)
    ? text
    : bad(`must be letters, digits, dots, dashes and underscores, not ${seen(value)}`);
}
