import { RedisopsError, asRedisopsError, forPeople } from '../../domain/error.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { Plan } from '../../domain/plan.ts';
import { STAYS_OPEN, brokenGlass, endedEarly, type RunRecord, type RunResult } from '../../domain/run/run.ts';
import { execute, type Execution } from '../../operation.ts';
import { obstacleToStart } from './admission.ts';
import { afterAll, planAgainLater } from './plan-again.ts';
import { rollBackByItself } from './roll-back.ts';
import { endRun } from './end-run.ts';
import { endStopped, isHandingOver } from './end-stopped.ts';
import { watchStop } from './stop.ts';
import type { RunThread } from '../thread/thread.ts';
import type { RunPorts } from '../ports.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';

/**
 * The second half of both jobs: executes the plan, stores and reports the result.
 * @throws codes that leave the run open (`STAYS_OPEN`): the journal cannot be written, or the nodes or the job were
 * lost.
 */
export async function executeRun(
  record: RunRecord,
  plan: Plan,
  source: ConfigSource,
  thread: RunThread,
  ports: RunPorts,
): Promise<void> {
  const journal = await ports.store.journal(record.run);
  await ports.store.updateRun(record.run, { status: 'running' });
  // Checked after that: a stop before it ends the run there; a later one leaves it to this worker.
  if (await endStopped(record, plan, thread, ports)) return;
  // The same for a lock; and an approval may come during a freeze.
  const obstacle = await obstacleToStart(record, ports).catch(asRedisopsError);
  if (obstacle) return endRun(endedEarly(record, obstacle, plan), [], thread, ports);
  const asked = watchStop(record.run, ports);
  const run = {
    id: record.run,
    holder: record.origin.actor,
    emit: (event: RunEvent) => thread.emit(forThread(record.run, event, ports)),
    record: (entry: JournalEntry) => ports.store.recordStep(record.run, entry),
    journal,
    stop: AbortSignal.any([...(isHandingOver(journal) ? [] : [asked.signal]), ...(ports.stop ? [ports.stop] : [])]),
  };
  const { result, observed } = await execute(plan, source, run, ports).catch(
    (thrown: unknown): Pick<Execution, 'result' | 'observed'> => {
      ports.log.error({ run: record.run, error: thrown }, 'the run could not be carried out');
      return { result: endedEarly(record, asRedisopsError(thrown), plan), observed: [] };
    },
  );
  asked.end();
  if (STAYS_OPEN.has(result.code)) {
    ports.log.error({ run: record.run, code: result.code, failure: result.message }, 'the run stays open');
    throw leftOpen(result);
  }
  if (result.code === 'STALE_PLAN' && result.plan) await thread.showPlan(result.plan);
  if (await planAgainLater(record, result, observed, thread, ports)) return;
  const last = afterAll(record, result, ports.clock.now());
  const also = afterwards(record, await rollBackByItself(record, last, ports));
  await endRun({ ...last, ...brokenGlass(record), ...also(last) }, observed, thread, ports);
}

function leftOpen({ code, message, hint }: RunResult): RedisopsError {
  return new RedisopsError(code, message, { hint: hint ?? '' });
}

/** What else people must know: that Git and the nodes differ, and what is done about it. */
function afterwards({ goal }: RunRecord, rollback: string | null) {
  return ({ outcome, hint }: RunResult): Pick<RunResult, 'hint'> => {
    if (goal.kind === 'rollback' && (outcome === 'done' || outcome === 'nothing-to-do')) return { hint: REVERT };
    return { hint: rollback === null ? hint : [hint, rollback].filter((text) => text !== null).join(' ') };
  };
}

const REVERT =
  'Git still has the change that was rolled back: revert it there. The next merge or `/redis apply` applies the branch head.';

/** A foreign error’s message goes only to the log. */
function forThread(run: string, event: RunEvent, { log }: RunPorts): RunEvent {
  if (event.kind !== 'step-failed' || event.error.code !== 'INTERNAL') return event;
  log.error({ run, node: event.action.node, error: event.error }, 'a step failed by a fault of redisops');
  return { ...event, error: forPeople(event.error) };
}
