import type { Action, LostMaster } from '../domain/action.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { LastLook } from '../domain/health/last-look.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { actionsOf, adoptedFiles, keysGivenUp, type Plan } from '../domain/plan.ts';
import type { JournalEntry } from '../domain/run/journal.ts';
import { isAboutRole, movesMaster } from '../domain/run/moves-master.ts';
import { continuesPlan } from '../plan/continues-plan.ts';
import { finishResync } from '../plan/finish-resync.ts';
import { makePlan } from '../plan/make-plan.ts';

/** The plan for the same goal and the nodes’ current state; for a run that has begun, the rest of it. */
export function planAgain(
  approved: Plan,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  journal: readonly JournalEntry[],
  last: LastLook | null = null,
): Plan {
  const { goal } = approved;
  const begun = journal.length > 0;
  if (goal.kind === 'resync' && begun) {
    const ended = journal.some(({ action, state }) => action === 'resync' && state === 'ended');
    const rest = finishResync(goal, desired, observed, ended);
    if (rest) return rest;
  }
  // The worker may have died while the role was on a replica, or was moving for good.
  const moved = goal.kind === 'failover' || goal.kind === 'drain' || handsBack(approved);
  const previousMaster = begun && moved ? previousMasterOf(approved) : null;
  const rest = makePlan(goal, desired, observed, {
    previousMaster,
    begun,
    last,
    target: nextMasterOf(approved),
    lost: begun ? lostMasterOf(approved)?.name : undefined,
  });
  return begun ? withSettingsOf(approved, rest) : rest;
}

/** The settings that a switchover puts back: by now the nodes may have those of the dead worker’s switchover. */
function withSettingsOf(approved: Plan, rest: Plan): Plan {
  const before = actionsOf(approved).find((action) => action.kind === 'hand-over' && action.sentinel);
  if (before?.kind !== 'hand-over' || !before.sentinel) return rest;
  const { settings } = before.sentinel;
  const asBefore = (action: Action): Action =>
    action.kind === 'hand-over' && action.sentinel ? { ...action, sentinel: { ...action.sentinel, settings } } : action;
  return { ...rest, waves: rest.waves.map(({ actions }) => ({ actions: actions.map(asBefore) })) };
}

/** The master before the run, if the plan moves that role. */
export function previousMasterOf(approved: Plan): string | null {
  return actionsOf(approved).some(movesMaster) ? approved.topology.master : null;
}

/** The node that a failover, drain or drill makes the master: the run’s candidate, even if another one would be better by now. */
export function nextMasterOf(approved: Plan): string | undefined {
  if (!isAboutRole(approved.goal)) return undefined;
  return actionsOf(approved).flatMap((action) => {
    if (action.kind === 'promote') return [action.node];
    return action.kind === 'hand-over' ? [action.to.name] : [];
  })[0];
}

/** The dead master whose role the plan gives to another node. */
export function lostMasterOf(approved: Plan): LostMaster | undefined {
  return actionsOf(approved).flatMap((action) => (action.kind === 'promote' && action.lost ? [action.lost] : []))[0];
}

function handsBack(approved: Plan): boolean {
  const { master } = approved.topology;
  return actionsOf(approved).some((action) => action.kind === 'hand-over' && action.to.name === master);
}

/** Whether the approval of one plan covers all of another one that needs an approval. */
export function disturbsNoMore(approved: Plan, current: Plan): boolean {
  const adopted: ReadonlySet<Action> = new Set(adoptedFiles(current));
  const isAsked = (action: Action): boolean => action.disruptive || adopted.has(action);
  const waves = current.waves.map(({ actions }) => ({ actions: actions.filter(isAsked) }));
  return continuesPlan(approved, { ...current, waves });
}

/** Why the current plan may not replace the approved one; null if it may. */
export function staleness(approved: Plan, current: Plan, begun: boolean): RedisopsError | null {
  const blocker = current.blockers[0];
  if (blocker) return new RedisopsError(blocker.code, blocker.message, { hint: blocker.hint });
  if (current.digest === approved.digest) return null;
  const isRest = begun || givesUpFewerKeys(approved, current);
  if (isRest && continuesPlan(approved, current)) return null;
  return new RedisopsError('STALE_PLAN', 'The nodes or Git have changed since the plan was made.', {
    hint: begun ? 'Read the new plan and ask again.' : 'No changes were made. Read the new plan and ask again.',
  });
}

/** Some keys to be given up have expired since; nothing else changed. */
function givesUpFewerKeys(approved: Plan, current: Plan): boolean {
  const isSameTopology = JSON.stringify(approved.topology) === JSON.stringify(current.topology);
  return isSameTopology && keysGivenUp(current) < keysGivenUp(approved);
}
