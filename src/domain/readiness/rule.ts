import type { Lack } from '../sentinel/lack.ts';
import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts, RedisUp } from '../facts.ts';
import type { SentinelWatch } from '../health/sentinel-watch.ts';

export type { Lack } from '../sentinel/lack.ts';

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
