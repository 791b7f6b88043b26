import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import { beyondReach, leastQuorum, namedBy, type Watcher } from '../../domain/health/sentinel-watch.ts';
import { actionsOf, hasActions, type Wave } from '../../domain/plan.ts';
import type { Roles } from '../roles/topology.ts';
import { forgetMaster } from '../sentinel/forget-master.ts';
import { isAsked } from '../sentinel/heal.ts';
import { watchMaster } from '../sentinel/watch-master.ts';
import type { FailoverDraft } from './failover.ts';

/**
 * Whether redisops may take the cluster out of Sentinel’s hands for a decision of a person: Git asks for these Sentinels,
 * too few others are left to start a failover, and none is under way. A lost master only where they cannot replace it.
 */
export function maySetAside({ mode }: FailoverGoal, desired: DesiredCluster, { watch }: Roles): boolean {
  if (!watch || !desired.sentinel || mode === 'planned') return false;
  const { watchers } = watch;
  const isBusy = watchers.some(({ master: { flags } }) => flags.has('failover_in_progress'));
  const areAsked = watchers.every(({ node, master: { name } }) => isAsked(node, name, desired));
  const canElect = watchers.some(({ master: { quorumCheck } }) => quorumCheck.ok);
  const areEnough = beyondReach(watch).length >= leastQuorum(watch);
  return !isBusy && areAsked && !areEnough && !(mode === 'lost-master' && canElect);
}

/** First no Sentinel watches the old master: it would change the roles back. In the end each watches the new one. */
export function withSentinelsAside(goal: FailoverGoal, draft: FailoverDraft, roles: Roles): FailoverDraft {
  const { watch, pairs } = roles;
  const promoted = actionsOf(draft).find(({ kind }) => kind === 'promote')?.node;
  const target = pairs.find(({ desired: { name } }) => name === (goal.node ?? promoted));
  if (!watch || !target) return draft;
  const { identities } = watch;
  const astray = watch.watchers.filter((each) => namedBy(each, identities) !== target.desired.name);
  const replicas = pairs.filter((pair) => pair !== target && pair.redis).length;
  const watching = (each: Watcher): Wave => {
    const place = { port: each.facts.port, masterName: each.master.name };
    return { actions: [watchMaster(each.node, place, target.desired, { others: 0, replicas })] };
  };
  return {
    ...draft,
    waves: [
      { actions: astray.map((each) => forgetMaster(each, identities)) },
      ...draft.waves,
      ...astray.map(watching),
    ].filter(hasActions),
  };
}
