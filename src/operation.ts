import type { DriftLook } from './domain/drift/drift.ts';
import { RedisopsError, asRedisopsError } from './domain/error.ts';
import type { NodeFacts } from './domain/facts.ts';
import { isEmpty, type Plan } from './domain/plan.ts';
import type { Goal } from './domain/goal.ts';
import type { RunResult } from './domain/run/run.ts';
import { observeReached } from './observed/observe-reached.ts';
import { observeSettled } from './observed/observe-settled.ts';
import { observe } from './observed/observe.ts';
import { applyAndVerify } from './operation/apply-and-verify.ts';
import { askedOf } from './plan/asked-of.ts';
import { holdFor, nodeNotHeld } from './operation/holding.ts';
import { withHostGuard } from './operation/host-guard.ts';
import { lastLookFor, rememberLook, rememberRun } from './operation/incidents.ts';
import { addressesAt, desiredAndReach, desiredOf, lookAt, type Look } from './operation/look.ts';
import { lookOver } from './operation/look-over.ts';
import { withQueueGuard } from './operation/queue-node.ts';
import {
  failedIfBegun,
  refusedEnd,
  resultOf,
  withLoss,
  withNomination,
  withRoleAway,
  type End,
} from './operation/run-end.ts';
import type { OperationPorts, Run } from './operation/run.ts';
import { saidOf, withDrill } from './operation/said-of-goal.ts';
import { planAgain, staleness } from './operation/staleness.ts';
import { withSigns } from './operation/signs.ts';
import { withDifference } from './operation/still-different.ts';
import { makePlan } from './plan/make-plan.ts';
import { rolesOf } from './plan/roles/topology.ts';
import type { ConfigSource } from './ports/git.ts';
import { lostData } from './verify/kept-data.ts';

export type { OperationPorts, Run } from './operation/run.ts';

export interface Proposal extends Look {
  plan: Plan;
}

/** A run’s result, and the nodes as last observed. */
export interface Execution extends Look {
  result: RunResult;
}

/** The differences between the nodes and Git, and why a failover would fail. Writes nothing. */
export async function drift(
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
): Promise<DriftLook> {
  return (await lookOver(source, cluster, ports)).drift;
}

export interface ProposeOptions {
  begun?: boolean;
  patient?: boolean;
  settled?: boolean;
  before?: ConfigSource | null;
}

/**
 * Makes the plan for a goal; for a run that has `begun`, the rest of it. `patient`: waits for unreachable nodes.
 * `settled`: waits for what an interrupted run left starting. `before`: the commit before, by which new nodes are known.
 * Writes nothing.
 */
export async function propose(
  goal: Goal,
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
  { begun = false, patient = false, settled = false, before = null }: ProposeOptions = {},
): Promise<Proposal> {
  const reachMs = patient ? ports.reachMs : 0;
  const git = await desiredAndReach(source, cluster, ports);
  const observeNodes = settled ? observeSettled : observeReached;
  const { desired, observed: seen } = await lookAt(git, ports.nodes, (asked, nodes) =>
    observeNodes(asked, nodes, ports.clock, reachMs),
  );
  const observed = await withSigns(desired, seen, ports);
  const known = before === null || begun ? null : await addressesAt(before, desired.cluster, ports);
  const last = await lastLookFor(goal, git, ports);
  const plan = makePlan(goal, desired, observed, { begun, known, last });
  if (begun) return { desired, observed, plan };
  const guarded = await withHostGuard(plan, source, ports);
  return { desired, observed, plan: await withQueueGuard(guarded, observed, ports) };
}

/**
 * Executes the approved plan: hold the nodes, observe again, refuse a stale plan, apply, verify, plan again (a finished
 * run leaves nothing to do). Always returns a result, whatever happens on the nodes.
 * @throws only if the source cannot be read.
 */
export async function execute(
  approved: Plan,
  source: ConfigSource,
  run: Run,
  ports: OperationPorts,
): Promise<Execution> {
  const startedAt = ports.clock.elapsed();
  const git = await desiredOf(source, approved.cluster, ports);
  const begun = run.journal.length > 0;
  const finish = (end: End, observed: readonly NodeFacts[], desired = git): Execution => ({
    desired,
    observed,
    result: { ...resultOf(run.id, approved, desired, end), durationMs: Math.round(ports.clock.elapsed() - startedAt) },
  });

  const hold = await holdFor(approved, git, run, ports).catch(asRedisopsError);
  if (hold instanceof RedisopsError) return finish(failedIfBegun(refusedEnd(hold), git, run.journal), []);
  try {
    const { desired, observed: seen } = await lookAt(git, ports.nodes, (asked, nodes) =>
      (begun ? observeSettled : observe)(asked, nodes, ports.clock),
    );
    const before = await withSigns(desired, seen, ports);
    const last = await lastLookFor(approved.goal, git, ports);
    await rememberLook(desired, before, ports);
    const planned = planAgain(approved, desired, before, run.journal, last);
    const current = begun ? planned : await withQueueGuard(planned, before, ports);
    const refusal = nodeNotHeld(before, hold) ?? staleness(approved, current, begun);
    if (refusal)
      return finish(failedIfBegun({ ...refusedEnd(refusal), plan: current }, git, run.journal), before, desired);

    run.emit({ kind: 'planned', plan: current });
    const asked = askedOf(approved.goal, desired, before);
    const ended = await applyAndVerify(
      { approved, current },
      { desired: asked, observed: before },
      run,
      hold.lost,
      ports,
    );
    const end = saidOf(ended, approved, desired, before);
    if (isEmpty(current)) return finish(end, before, desired);
    const { desired: then, observed: after } = await lookAt(git, ports.nodes);
    await rememberRun(then, after, ports);
    const roles = rolesOf(then, after);
    const said = withNomination(withDifference(end, approved.goal, then, after), approved.goal, then, roles);
    const told = withDrill(withRoleAway(said, roles), approved, before, after);
    return finish(withLoss(told, lostData(current, before, after)), after, then);
  } finally {
    await hold.release();
  }
}
