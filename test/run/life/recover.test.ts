import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { runQueue, type RunQueue } from '../../../src/adapters/queue/queue.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import type { Code } from '../../../src/domain/code.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { RunRecord, RunStatus } from '../../../src/domain/run/run.ts';
import { endAbandoned } from '../../../src/run/life/abandoned.ts';
import { recoverRuns } from '../../../src/run/life/recover.ts';
import { executeJob, proposeJob } from '../../../src/run/life/run-job.ts';
import { ownRedis } from '../../adapters/own-redis.ts';
import { queuedJobs } from '../../adapters/queued-jobs.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { fakeGitHub, portsOf } from '../../ports.ts';
import { approval, plan, record, result } from '../../report/fixtures.ts';
import type { Store } from '../../../src/ports/store.ts';
import { realClock } from '../../../src/time/real-clock.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;
let queue: RunQueue;
let runs = 0;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
  queue = runQueue(server.address, quietLog(), { settleMs: 0 });
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.end();
});

/** A run as a death left it, in a real store beside a real queue. */
async function left(status: RunStatus, more: Partial<RunRecord> = {}) {
  const cluster = `redis-${(runs += 1)}`;
  const store: Store = redisStore(redis, quietLog(), { reportWithinMs: 0 });
  const comments: string[] = [];
  const say = async (_pull: number, _topic: string, parts: readonly string[]) => (comments.push(...parts), null);
  const ports = portsOf({ ports: { store, queue, gitHub: fakeGitHub({ pullRequests: { say } }) } });
  const open = { code: null, message: null, finishedAt: null, durationMs: null };
  const run = record({ run: `merge-${cluster}-9c1f0e2d3b4a`, cluster, ...open, ...more, status });
  await store.createRun(run, 'apply');
  await store.rememberThread(run.run, { channel: 'C0OPS', timestamp: '1.5' });
  const kept = async () => (await store.run(run.run)) ?? run;
  const request = approval({ id: run.run, run: run.run, cluster, plan: plan({ cluster }), requester: run.origin });
  return { ...ports, store, run, kept, comments, request };
}

type Left = Awaited<ReturnType<typeof left>>;

/** Takes the cluster’s next job, which throws. Answers its name. */
async function failJob({ run }: Left): Promise<string> {
  let failed: (name: string) => void = () => undefined;
  const name = new Promise<string>((resolve) => (failed = resolve));
  const job = () => Promise.reject(new Error('no luck'));
  const worker = await queue.startWorker(run.cluster, job, { failed: ({ id }) => failed(id) });
  const taken = await name;
  await worker.close(1000);
  return taken;
}

describe('a run without a job', () => {
  it.each(['queued', 'planning', 'running'] as const)('that is %s gets its job', async (status) => {
    const it = await left(status);
    await recoverRuns(it.run.cluster, it);
    await recoverRuns(it.run.cluster, it);
    expect(await queuedJobs(redis, it.run.cluster)).toBe(1);
    expect(await queue.jobState(proposeJob(it.run))).toBe('live');
  });

  it.each(['awaiting-approval', 'running'] as const)('that is %s and approved is executed', async (status) => {
    const it = await left(status);
    await it.store.openApproval({ ...it.request, expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const { digest } = it.request.plan;
    await it.store.spendApproval({ kind: 'approval', approval: it.run.run, digest, decision: 'approved' }, 'U0BEN');
    await recoverRuns(it.run.cluster, it);
    expect(await queue.jobState(executeJob(it.run))).toBe('live');
    expect(await queue.jobState(proposeJob(it.run))).toBe('absent');
  });

  it('is resumed under another name if its job has failed, at most three times, and then ended', async () => {
    const it = await left('running');
    const names: string[] = [];
    for (const _ of [1, 2, 3]) {
      await recoverRuns(it.run.cluster, it);
      names.push(await failJob(it));
      expect((await it.kept()).status).toBe('running');
    }
    const name = `propose-${it.run.run}`;
    expect(names).toEqual([name, `${name}-attempt-2`, `${name}-attempt-3`]);
    await recoverRuns(it.run.cluster, it);
    expect(await it.kept()).toMatchObject({ status: 'failed', code: 'INTERNAL' });
    expect(it.comments).toHaveLength(1);
    await recoverRuns(it.run.cluster, it);
    expect([await queuedJobs(redis, it.run.cluster), it.comments.length]).toEqual([0, 1]);
  });

  it('is left alone while its job has just ended', async () => {
    const it = await left('running');
    const patient = { ...it, queue: runQueue(server.address, quietLog()) };
    await recoverRuns(it.run.cluster, patient);
    await failJob(it);
    await recoverRuns(it.run.cluster, patient);
    await patient.queue.close();
    expect(await queuedJobs(redis, it.run.cluster)).toBe(0);
    expect((await it.kept()).attempt).toBeUndefined();
  });
});

describe('an approval', () => {
  it('that expired ends its run, and is reported', async () => {
    const it = await left('awaiting-approval');
    await it.store.openApproval({ ...it.request, expiresAt: new Date(Date.now() - 1).toISOString() });
    await recoverRuns(it.run.cluster, it);
    expect(await it.kept()).toMatchObject({ status: 'expired', code: 'APPROVAL_EXPIRED' });
    expect(it.outside.said.map(({ how, where }) => [how, where])).toContainEqual(['edit', '1.5']);
    expect(it.comments).toHaveLength(1);
  });

  it('that has time left waits, whatever the worker’s clock says', async () => {
    const it = await left('awaiting-approval');
    await it.store.openApproval({ ...it.request, expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await recoverRuns(it.run.cluster, { ...it, clock: { ...realClock, now: () => new Date('2099-01-01') } });
    expect(await it.kept()).toMatchObject({ status: 'awaiting-approval' });
  });

  it('that is no longer stored ends its run', async () => {
    const it = await left('awaiting-approval');
    await recoverRuns(it.run.cluster, it);
    expect(await it.kept()).toMatchObject({ status: 'refused', code: 'APPROVAL_UNKNOWN' });
  });
});

describe('an end', () => {
  it('that was stored but not reported is reported once, in full', async () => {
    const it = await left('running');
    await it.store.finishRun(result({ run: it.run.run, cluster: it.run.cluster }));
    await recoverRuns(it.run.cluster, it);
    await recoverRuns(it.run.cluster, it);
    expect(it.comments).toHaveLength(1);
    expect(it.comments[0]).toContain('Recap');
    expect(it.outside.said.filter(({ how }) => how === 'reply')).toHaveLength(1);
  });

  it('is not reported by another worker while the first may be reporting', async () => {
    const it = await left('running');
    const patient = redisStore(redis, quietLog());
    await patient.finishRun(result({ run: it.run.run, cluster: it.run.cluster }));
    await recoverRuns(it.run.cluster, { ...it, store: patient });
    expect(it.comments).toEqual([]);
  });
});

describe('a job that was abandoned', () => {
  const fault = new RedisopsError('INTERNAL', 'redis://u:hunter2@host is gone', { hint: 'Look at the nodes.' });

  it('is reported in the thread and on the pull request, without foreign messages', async () => {
    const it = await left('running');
    await endAbandoned({ id: proposeJob(it.run).id, run: it.run.run }, fault, it);
    const kept = await it.kept();
    expect(kept).toMatchObject({ status: 'failed', code: 'INTERNAL', message: 'redisops failed.' });
    expect(it.comments[0]).toContain('Look at the nodes.');
    expect(it.outside.said.map(({ how }) => how)).toEqual(['edit', 'reply', 'attach']);
    expect(JSON.stringify([it.outside.said, it.comments, kept])).not.toContain('hunter2');
    expect(JSON.stringify(it.outside.log.lines)).toContain('hunter2');
    expect(it.outside.finished).toHaveLength(1);
  });

  it('after steps says that there were some', async () => {
    const it = await left('running');
    const entry = { at: '2025-12-01T10:00:00.000Z', step: 1, node: 'redis-02', action: 'write-file', state: 'began' };
    await it.store.recordStep(it.run.run, { ...entry, state: 'began' });
    await it.store.recordStep(it.run.run, { ...entry, state: 'ended' });
    await endAbandoned({ id: proposeJob(it.run).id, run: it.run.run }, fault, it);
    expect(it.comments[0]).toContain('The recap shows what was done. Nothing was done after that.');
    expect(it.outside.finished).toMatchObject([{ nodes: [{ name: 'redis-02', ok: 1, failed: 0 }] }]);
  });

  it('of an earlier attempt leaves its run open', async () => {
    const it = await left('running');
    await endAbandoned({ id: 'propose-other', run: it.run.run }, fault, it);
    expect([await it.kept(), it.outside.said]).toMatchObject([{ status: 'running' }, []]);
  });

  it.each<[Code, typeof proposeJob]>([
    ['QUEUE_FAILED', proposeJob],
    ['QUEUE_FAILED', executeJob],
    ['HOLD_LOST', executeJob],
    ['WORKER_ENDED', proposeJob],
  ])('with %s is followed by another one, and people are told so: %o', async (code, jobOf) => {
    const it = await left('running');
    const away = new RedisopsError(code, 'redis-03 is gone.', { hint: '' });
    await endAbandoned({ id: jobOf(it.run).id, run: it.run.run }, away, it);
    expect(await it.kept()).toMatchObject({ status: 'running', attempt: 2 });
    const summary = 'redis-03 is gone. The run resumes from the current state of the nodes.';
    expect(it.outside.said).toMatchObject([{ how: 'edit', report: { tone: 'running', summary } }]);
    expect(await queue.jobState(jobOf({ ...it.run, attempt: 2 }))).toBe('live');
    for (const attempt of [2, 3])
      await endAbandoned({ id: jobOf({ ...it.run, attempt }).id, run: it.run.run }, away, it);
    expect(await it.kept()).toMatchObject({ status: 'failed', code, message: 'redis-03 is gone.' });
  });

  it('of a run that has ended changes nothing', async () => {
    const it = await left('running');
    await it.store.finishRun(result({ run: it.run.run, cluster: it.run.cluster }));
    await endAbandoned({ id: proposeJob(it.run).id, run: it.run.run }, fault, it);
    expect((await it.kept()).status).toBe('done');
  });
});
