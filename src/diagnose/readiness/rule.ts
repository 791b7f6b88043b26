import type { Lack } from '../../domain/sentinel/lack.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { NodeFacts, RedisUp } from '../../domain/facts.ts';
import type { SentinelWatch } from '../../domain/health/sentinel-watch.ts';

export type { Lack } from '../../domain/sentinel/lack.ts';

export interface Readable {
  desired: DesiredCluster;
  observed: readonly NodeFacts[];
  watch: SentinelWatch;
  /** The nodes whose Redis was read, by name. */
  redis: ReadonlyMap<string, RedisUp>;
  /** The only node that says it is the master; null if none or several do. */
  master: string | null;
}

export type ReadinessRule = (cluster: Readable) => readonly Lack[];

/** `redis-01, redis-02 and redis-03`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
