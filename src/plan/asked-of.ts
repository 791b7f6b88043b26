import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Goal } from '../domain/goal.ts';
import { clusterDrained } from './drain/drain.ts';
import { clusterAsFound } from './failover/as-found.ts';

/** What the steps of a run write: Git, or for a run that moves roles only, each file as found. */
export function askedOf(goal: Goal, desired: DesiredCluster, observed: readonly NodeFacts[]): DesiredCluster {
  switch (goal.kind) {
    case 'failover':
    case 'drill':
      return clusterAsFound(desired, observed);
    case 'drain':
    case 'undrain':
      return clusterDrained(goal, desired, observed);
    case 'converge':
    case 'rollback':
    case 'resync':
    case 'purge':
    case 'pause':
    case 'resume':
      return desired;
  }
}
