import { asRedisopsError, forPeople } from '../domain/error.ts';
import type { RunEvent } from '../domain/event.ts';
import type { Plan } from '../domain/plan.ts';
import { brokenGlass, endedEarly, type RunRecord } from '../domain/run.ts';
import { execute, type Execution } from '../operation.ts';
import type { ConfigSource, JournalEntry } from '../ports.ts';
import { obstacleToStart } from './admission.ts';
import { endRun } from './end-run.ts';
import { endStopped, isHandingOver } from './end-stopped.ts';
import { watchStop } from './stop.ts';
import type { RunThread } from './thread.ts';
import type { RunPorts } from './ports.ts';

/** The second half of both jobs: executes the plan, keeps the result, tells it. */
export async function carryOut(
  record: RunRecord,
  plan: Plan,
  source: ConfigSource,
  thread: RunThread,
  ports: RunPorts,
): Promise<void> {
  const journal = await ports.store.journal(record.run);
  await ports.store.updateRun(record.run, { status: 'running' });
  // After that: whoever stopped it before ends it, or finds it running and leaves that to us.
  if (await endStopped(record, plan, thread, ports)) return;
  // The same with a lock; and an approval may come in a freeze.
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
  if (result.code === 'STALE_PLAN' && result.plan) await thread.showPlan(result.plan);
  await endRun({ ...result, ...brokenGlass(record) }, observed, thread, ports);
}

/** The message of an error that is not ours goes into the log alone. */
function forThread(run: string, event: RunEvent, { log }: RunPorts): RunEvent {
  if (event.kind !== 'step-failed' || event.error.code !== 'INTERNAL') return event;
  log.error({ run, node: event.action.node, error: event.error }, 'a step failed by a fault of redisops');
  return { ...event, error: forPeople(event.error) };
}
