import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts } from '../facts.ts';
import { sentinelWatch } from '../health/sentinel-watch.ts';
import { candidateRules } from './candidates.ts';
import type { Lack, ReadinessRule } from './rule.ts';
import { masterRules } from './monitored-master.ts';
import { pauseRules } from './pause.ts';
import { entryLacks } from './entry.ts';
import { peersRules } from './peers.ts';
import { settingsRules } from './settings.ts';
import { stateRules } from './state.ts';

/** Causes before what follows from them. */
const RULES: readonly ReadinessRule[] = [
  ...pauseRules,
  ...masterRules,
  ...peersRules,
  ...settingsRules,
  ...candidateRules,
  ...stateRules,
];

/**
 * Why an automatic failover would fail, or clients would not follow it. Empty if not, and where there is neither Sentinel
 * nor an entry. The cluster may be healthy all the while.
 */
export function readinessOf(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Lack[] {
  const watch = sentinelWatch(desired, observed);
  const redis = new Map(
    observed.flatMap((facts) =>
      facts.reachable && facts.redis.state === 'up' ? [[facts.name, facts.redis] as const] : [],
    ),
  );
  const masters = [...redis].filter(([, { role }]) => role === 'master').map(([name]) => name);
  const master = masters.length === 1 ? (masters[0] ?? null) : null;
  const ofEntry = entryLacks(desired, observed, master);
  if (!watch) return ofEntry;
  return [...RULES.flatMap((rule) => rule({ desired, observed, watch, redis, master })), ...ofEntry];
}
