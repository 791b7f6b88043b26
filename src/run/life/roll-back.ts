import { readRollback } from '../../desired/questions.ts';
import { asRedisopsError } from '../../domain/error.ts';
import { describeGoal } from '../../domain/goal.ts';
import { newRun } from '../../domain/run/new-run.ts';
import type { RunRecord, RunResult } from '../../domain/run/run.ts';
import { commitsOf } from './applied-commits.ts';
import type { RunPorts } from '../ports.ts';
import { logQueued } from './log-run.ts';
import { proposeJob } from './run-job.ts';

/**
 * After a merge with an unhealthy result, if the settings at the branch’s head allow it: queues one rollback to the
 * commit before. A failed rollback is not repeated. Returns the text to report; null if nothing is rolled back.
 */
export async function rollBackByItself(record: RunRecord, result: RunResult, ports: RunPorts): Promise<string | null> {
  if (record.origin.from !== 'github' || record.goal.kind !== 'converge' || result.code !== 'VERIFY_FAILED')
    return null;
  try {
    if (!(await readRollback(await ports.source(null), record.cluster))) return null;
    const commits = await commitsOf(record.cluster, ports.store);
    const revision = commits.findLast((commit) => commit.verified && commit.revision !== record.revision)?.revision;
    if (revision === undefined) return 'There is no earlier commit to roll back to.';
    return await queue(record, revision, ports);
  } catch (error) {
    ports.log.error({ run: record.run, error }, 'could not roll back');
    return `Rollback failed: ${asRedisopsError(error).code}.`;
  }
}

async function queue(failed: RunRecord, revision: string, ports: RunPorts): Promise<string> {
  const goal = { kind: 'rollback', revision } as const;
  const origin = { from: 'redisops', actor: 'rollback' } as const;
  const run = `rollback-${failed.run}`;
  const record = newRun({ run, cluster: failed.cluster, goal, origin }, ports.clock.now());
  const isNew = await ports.store.createRun(record, describeGoal(goal));
  await ports.queue.enqueue(proposeJob(record));
  if (isNew) logQueued(record, ports.log);
  return `Run ${run} rolls back to ${revision.slice(0, 12)}, as redisops.yml asks.`;
}
