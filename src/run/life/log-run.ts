import { describeGoal } from '../../domain/goal.ts';
import { endStatus, type Origin, type RunRecord, type RunResult } from '../../domain/run/run.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** One line for each turn in a run’s life: an operator reads there who asked for what, and how it ended. */
export function logQueued({ run, cluster, goal, origin }: RunRecord, log: Log): void {
  log.info({ run, cluster, goal: describeGoal(goal), ...whoOf(origin) }, 'run queued');
}

export async function logEnd(
  result: RunResult,
  { store, log }: { store: Pick<Store, 'run'>; log: Log },
): Promise<void> {
  const { run, cluster, goal, code, message, durationMs } = result;
  const origin = await store.run(run).then(
    (record) => record?.origin,
    () => undefined,
  );
  const outcome = code === 'STOPPED' ? 'stopped' : endStatus(result);
  const fields = { run, cluster, goal: describeGoal(goal), ...whoOf(origin), outcome, code, durationMs };
  if (outcome === 'failed') log.error({ ...fields, reason: message }, 'run failed');
  else log.info({ ...fields, ...(code === 'DONE' ? {} : { reason: message }) }, `run ${outcome}`);
}

function whoOf(origin: Origin | undefined): object {
  if (!origin) return {};
  const { from, actor, name, pullRequest } = origin;
  return {
    by: name === undefined ? actor : `${name} (${actor})`,
    from,
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}
