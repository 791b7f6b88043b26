import { RedisopsError, asRedisopsError } from '../src/domain/error.ts';
import { isFinal } from '../src/domain/run/run.ts';
import { endRun } from '../src/run/life/end-run.ts';
import { sourceOf } from '../src/run/life/source-of.ts';
import { stoppedEarly } from '../src/run/life/stopped-early.ts';
import { openThread } from '../src/run/thread/thread.ts';
import { executeRun } from '../src/run/life/execute-run.ts';
import type { JobPayload } from '../src/domain/run/job.ts';
import type { RunPorts } from '../src/run/ports.ts';

/** Executes exactly the plan that a second person approved. */
export async function run({ run }: JobPayload, ports: RunPorts): Promise<void> {
  const record = await ports.store.run(run);
  if (!record || isFinal(record.status)) return;
  const request = await ports.store.approval(run);
  const decided = await ports.store.decisionOn(run);
  if (!request || request.run !== record.run || decided?.decision !== 'approved') {
    ports.log.warn({ run }, 'execute without an approval: refused');
    return;
  }

  const source = await sourceOf(record, request.plan.revision, ports).catch(asRedisopsError);
  const thread = await openThread(record, ports);
  if (source instanceof RedisopsError) {
    ports.log.warn({ run: record.run, error: source }, 'the approved plan is not carried out');
    return endRun(await stoppedEarly(record, source, request.plan, ports.store), [], thread, ports);
  }
  await executeRun(record, request.plan, source, thread, ports);
}
