import { RedisopsError, asRedisopsError } from '../src/domain/error.ts';
import { actionsOf, needsApproval, type Plan } from '../src/domain/plan.ts';
import { isBlockedForNow } from '../src/domain/run/passing.ts';
import { isFinal, type RunRecord, type RunResult } from '../src/domain/run/run.ts';
import { propose, type Proposal } from '../src/operation.ts';
import { disturbsNoMore } from '../src/operation/staleness.ts';
import { obstacleToStart } from '../src/run/life/admission.ts';
import { endRun } from '../src/run/life/end-run.ts';
import { revisionToPlan, sourceOf } from '../src/run/life/source-of.ts';
import { endStopped } from '../src/run/life/end-stopped.ts';
import { participantsOf } from '../src/run/life/participants.ts';
import { afterAll, approvedPlan, planAgainLater } from '../src/run/life/plan-again.ts';
import { stoppedEarly } from '../src/run/life/stopped-early.ts';
import { refuseHostsElsewhere } from '../src/run/repositories/hosts-elsewhere.ts';
import { openThread, threadOf, type RunThread } from '../src/run/thread/thread.ts';
import { executeRun } from '../src/run/life/execute-run.ts';
import type { JobPayload } from '../src/domain/run/job.ts';
import type { RunPorts } from '../src/run/ports.ts';
import { wait } from '../src/run/life/wait.ts';

/**
 * Plans a run. A plan that disturbs nobody is executed at once; any other waits for a second person. Redelivered after
 * a worker’s death, it starts over: nothing is done before the nodes are observed.
 */
export async function run({ run, cluster }: JobPayload, ports: RunPorts): Promise<void> {
  const record = await ports.store.run(run);
  if (!record || isFinal(record.status) || record.status === 'awaiting-approval') return;

  const obstacle = await obstacleToStart(record, ports).catch(asRedisopsError);
  if (obstacle) return holdUp(record, obstacle, ports);
  const source = await sourceOf(record, revisionToPlan(record), ports).catch(asRedisopsError);
  if (source instanceof RedisopsError) return endWithoutPlan(record, source, ports);
  const shared = await refuseHostsElsewhere(source, cluster, ports).catch(asRedisopsError);
  if (shared) return endWithoutPlan(record, shared, ports);
  const begun = (await ports.store.journal(record.run)).length > 0;
  const before = record.base === undefined ? null : await ports.source(record.base).catch(asRedisopsError);
  if (before instanceof RedisopsError) return endWithoutPlan(record, before, ports);
  const how = { begun, patient: true, before };
  const proposal = await propose(record.goal, source, cluster, ports, how).catch(asRedisopsError);
  if (proposal instanceof RedisopsError) return endWithoutPlan(record, proposal, ports);

  const thread = await openThread(record, ports);
  await ports.store.updateRun(record.run, { status: 'planning', revision: proposal.plan.revision, waits: null });
  if (await endStopped(record, proposal.plan, thread, ports)) return;
  const blocked = await blockedResult(record, proposal.plan, ports);
  if (blocked) return endOrPlanAgain(record, blocked, proposal, thread, ports);
  const approved = await approvedPlan(record, ports);
  const isCovered = approved !== null && disturbsNoMore(approved, proposal.plan);
  if (asksFirst(record, proposal.plan) && !isCovered) return askApproval(record, proposal, thread, ports);
  await executeRun(record, proposal.plan, source, thread, ports);
}

/** A merge is planned again if every blocker is one that passes. */
async function endOrPlanAgain(
  record: RunRecord,
  blocked: RunResult,
  { plan, observed }: Proposal,
  thread: RunThread,
  ports: RunPorts,
): Promise<void> {
  if (isBlockedForNow(plan) && (await planAgainLater(record, blocked, observed, thread, ports))) return;
  await endRun(afterAll(record, blocked, ports.clock.now()), observed, thread, ports);
}

/** A merge waits until nothing holds it up; a manual run is refused. */
async function holdUp(record: RunRecord, obstacle: RedisopsError, ports: RunPorts): Promise<void> {
  const waits = record.origin.from === 'github' && (obstacle.code === 'CLUSTER_LOCKED' || obstacle.code === 'FROZEN');
  if (!waits) return endWithoutPlan(record, obstacle, ports);
  await wait(record, obstacle, ports);
}

function asksFirst({ breakGlass }: RunRecord, plan: Plan): boolean {
  return needsApproval(plan) || (breakGlass !== undefined && actionsOf(plan).length > 0);
}

async function blockedResult(record: RunRecord, plan: Plan, { store }: RunPorts): Promise<RunResult | null> {
  const blocker = plan.blockers[0];
  if (!blocker) return null;
  const error = new RedisopsError(blocker.code, blocker.message, { hint: blocker.hint });
  const result = await stoppedEarly(record, error, plan, store);
  return result.nodes.length > 0 ? result : { ...result, outcome: 'refused' };
}

async function endWithoutPlan(record: RunRecord, error: RedisopsError, ports: RunPorts): Promise<void> {
  if (error.code === 'INTERNAL') ports.log.error({ run: record.run, error }, 'there is no plan');
  const thread = threadOf(record, ports);
  const result = await stoppedEarly(record, error, null, ports.store);
  if (await planAgainLater(record, result, [], thread, ports)) return;
  await endRun(afterAll(record, result, ports.clock.now()), [], thread, ports);
}

async function askApproval(
  record: RunRecord,
  { desired, plan }: Proposal,
  thread: RunThread,
  ports: RunPorts,
): Promise<void> {
  // Without knowing who may not approve, nobody is asked.
  const participants = await participantsOf(record, plan.revision, ports).catch(asRedisopsError);
  if (participants instanceof RedisopsError) return endWithoutPlan(record, participants, ports);
  const expires = ports.clock.now().getTime() + desired.policy.approvalMinutes * 60_000;
  const request = {
    id: record.run,
    run: record.run,
    cluster: record.cluster,
    plan,
    requester: record.origin,
    participants,
    expiresAt: new Date(expires).toISOString(),
    ...(record.breakGlass === undefined ? {} : { breakGlass: record.breakGlass }),
  };
  // A decision made before a crash stands, whatever the nodes’ state: `execute` compares them with that plan.
  if (await ports.store.openApproval(request, (record.retries ?? 0) > 0)) await thread.askApproval(request);
  // Last: if the worker dies before this, the job and its buttons come again.
  await ports.store.updateRun(record.run, { status: 'awaiting-approval' });
  await endStopped(record, plan, thread, ports);
}
