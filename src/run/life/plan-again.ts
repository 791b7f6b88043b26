import { endedByTrouble } from '../../domain/run/passing.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import type { Plan } from '../../domain/plan.ts';
import type { RunRecord, RunResult } from '../../domain/run/run.ts';
import { againReport } from '../../report/run/again-report.ts';
import { duration } from '../../report/text/format.ts';
import type { RunThread } from '../thread/thread.ts';
import type { RunPorts } from '../ports.ts';

/** Milliseconds before each further plan: some forty minutes in all. */
const PAUSES_MS: readonly number[] = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000];

/**
 * Makes sure that a change is finished: a run that ended by passing trouble is planned again after a pause. It remains
 * the change’s only run, and its thread says what happened and when it continues. False if it ends: the trouble does not
 * pass, a person stopped it, or it was planned again often enough.
 */
export async function planAgainLater(
  asked: RunRecord,
  result: RunResult,
  observed: readonly NodeFacts[],
  thread: RunThread,
  ports: RunPorts,
): Promise<boolean> {
  const { run } = asked;
  if (!finishesItself(asked, result) || !endedByTrouble(result)) return false;
  const record = await ports.store.run(run);
  const retries = record?.retries ?? 0;
  const pauseMs = PAUSES_MS[retries];
  if (!record || record.stop || record.finishedAt !== null || pauseMs === undefined) return false;

  const { code, message } = result;
  const now = ports.clock.now();
  const until = new Date(now.getTime() + pauseMs).toISOString();
  const waits = { code, message, since: now.toISOString(), until };
  ports.log.warn({ run, code, failure: message, until }, 'the run is planned again');
  await ports.store.updateRun(run, {
    status: 'queued',
    code,
    message,
    waits,
    waited: (record.waited ?? 0) + 1,
    retries: retries + 1,
  });
  // After that: if the worker dies in between, the run continues from its last step.
  await ports.store.startOver(run);
  const report = againReport(record, result, { inMs: pauseMs, time: retries + 2, most: PAUSES_MS.length + 1 });
  await thread.again(report, result, observed);
  return true;
}

/**
 * Whether redisops finishes the run by itself: a merge always, and an apply that had begun to change nodes. A person whose
 * run was refused has the reason at hand, and asks again; a resync or a purge is that person’s decision each time.
 */
function finishesItself({ origin, goal }: RunRecord, { outcome }: RunResult): boolean {
  return origin.from === 'github' || (goal.kind === 'converge' && outcome === 'failed');
}

/** For a run planned again in vain: why a person must decide now. */
export function afterAll({ retries, requestedAt }: RunRecord, result: RunResult, now: Date): RunResult {
  if (!retries || !endedByTrouble(result)) return result;
  const times = `It was planned ${retries + 1} times in ${duration(now.getTime() - Date.parse(requestedAt))}, in vain.`;
  return { ...result, message: `${result.message} ${times}` };
}

/** The plan that a person approved for this run, while that approval lasts. */
export async function approvedPlan(
  { run, retries }: RunRecord,
  { store, clock }: Pick<RunPorts, 'store' | 'clock'>,
): Promise<Plan | null> {
  if (!retries) return null;
  const [decided, request] = await Promise.all([store.decisionOn(run), store.approval(run)]);
  const lasts = request !== null && Date.parse(request.expiresAt) > clock.now().getTime();
  return lasts && decided?.decision === 'approved' ? request.plan : null;
}
