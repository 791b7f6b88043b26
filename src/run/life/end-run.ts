import type { NodeFacts } from '../../domain/facts.ts';
import { withoutForeignWords, type RunResult } from '../../domain/run/run.ts';
import { logEnd } from './log-run.ts';
import type { RunPorts } from '../ports.ts';
import type { RunThread } from '../thread/thread.ts';

/**
 * Ends a run: stores the result, reports it, and marks it as reported, in this order. After a crash in between,
 * `recoverRuns` reports it. Of several ends the first counts.
 */
export async function endRun(
  result: RunResult,
  observed: readonly NodeFacts[],
  thread: RunThread,
  ports: Pick<RunPorts, 'store' | 'log' | 'finished'>,
): Promise<void> {
  const { run, outcome, code, message } = result;
  if (code === 'INTERNAL') ports.log.error({ run, failure: message }, 'a run failed by a fault of redisops');
  const end = withoutForeignWords(result);
  if (!(await ports.store.finishRun(end)))
    return ports.log.warn({ run, outcome, code }, 'the run had ended before: that end stands');
  ports.finished(end);
  await logEnd(end, ports);
  await thread.end(end, observed);
  await ports.store.markReported(end);
}
