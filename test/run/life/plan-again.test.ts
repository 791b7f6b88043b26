import { describe, expect, it } from 'vitest';
import { run as propose } from '../../../jobs/propose.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { afterAll, approvedPlan, planAgainLater } from '../../../src/run/life/plan-again.ts';
import { recoverRuns } from '../../../src/run/life/recover.ts';
import { openThread } from '../../../src/run/thread/thread.ts';
import { portsOf } from '../../ports.ts';
import { approval, plan, record, result } from '../../report/fixtures.ts';
import { NOW } from '../../ports.ts';

const unreachable = result({ outcome: 'failed', code: 'SSH_UNREACHABLE', message: 'redis-02 is away.' });

async function ended(change: Partial<RunRecord> = {}, how = unreachable) {
  const ports = portsOf();
  const run = record({ run: 'r-1', status: 'running', ...change });
  ports.outside.runs.set('r-1', run);
  await ports.store.recordStep('r-1', {
    at: run.requestedAt,
    step: 1,
    node: 'redis-02',
    action: 'write-file',
    state: 'failed',
  });
  const again = await planAgainLater(run, how, [], await openThread(run, ports), ports);
  return { again, ports, kept: () => ports.outside.runs.get('r-1') };
}

describe('a merge that trouble ended', () => {
  it('stays open, says when it is planned again, and starts over', async () => {
    const { again, ports, kept } = await ended();
    expect(again).toBe(true);
    expect(kept()).toMatchObject({
      status: 'queued',
      retries: 1,
      waited: 1,
      finishedAt: null,
      waits: { code: 'SSH_UNREACHABLE' },
    });
    expect(await ports.store.journal('r-1')).toEqual([]);
    expect(ports.outside.ended).toEqual([]);
    const told = ports.outside.said.map(({ how, report }) => `${how} ${report?.title}: ${report?.next ?? ''}`);
    expect(told).toContainEqual(
      expect.stringMatching(/^edit .*planned again: A new plan is made in about 15 s \(2 of 8\)/),
    );
    expect(told).toContainEqual(expect.stringMatching(/^reply .*failed/));
  });

  it('waits for its time, then is planned under another job’s name', async () => {
    const { ports, kept } = await ended();
    await recoverRuns('redis', ports);
    expect(ports.outside.jobs).toEqual([]);
    const later = { ...ports, clock: { ...ports.clock, now: () => new Date(NOW.getTime() + 16_000) } };
    await recoverRuns('redis', later);
    expect(ports.outside.jobs).toMatchObject([{ id: 'propose-r-1-attempt-2' }]);
    expect(kept()).toMatchObject({ status: 'queued', waits: null, code: null });
  });

  it.each<[string, Partial<RunRecord>]>([
    ['is another’s decision each time', { origin: { from: 'slack', actor: 'U1' }, goal: { kind: 'purge' } }],
    ['was stopped', { stop: { by: 'anna', at: '2025-12-03T14:05:09.000Z' } }],
    ['was planned again often enough', { retries: 7 }],
  ])('ends where it %s', async (_, change) => {
    expect((await ended(change)).again).toBe(false);
  });

  it('finishes an apply by hand that had begun, and leaves a refused one to the person', async () => {
    const byHand = { origin: { from: 'slack', actor: 'U1' }, goal: { kind: 'converge' } } as const;
    expect((await ended(byHand)).again).toBe(true);
    expect((await ended(byHand, result({ outcome: 'refused', code: 'SSH_UNREACHABLE' }))).again).toBe(false);
  });

  it('ends with what would fail again', async () => {
    expect((await ended({}, result({ outcome: 'failed', code: 'REDIS_ERROR' }))).again).toBe(false);
  });

  it('says at its end how often it was tried', () => {
    const run = record({ status: 'running', retries: 7, requestedAt: '2025-12-03T14:00:00.000Z' });
    expect(afterAll(run, unreachable, new Date('2025-12-03T14:40:00.000Z')).message).toBe(
      'redis-02 is away. It was planned 8 times in 40 min, in vain.',
    );
    expect(afterAll({ ...run, retries: 0 }, unreachable, new Date()).message).toBe('redis-02 is away.');
  });
});

describe('the approval of a run that is planned again', () => {
  async function decided(decision: 'approved' | 'denied', change: { retries?: number; expiresAt?: string } = {}) {
    const ports = portsOf();
    const { retries = 1, expiresAt = new Date(NOW.getTime() + 60_000).toISOString() } = change;
    const run = record({ run: 'r-1', status: 'planning', retries });
    ports.outside.runs.set('r-1', run);
    const request = approval({ id: 'r-1', run: 'r-1', expiresAt });
    await ports.store.openApproval(request);
    await ports.store.spendApproval({ kind: 'approval', decision, approval: 'r-1', digest: request.plan.digest }, 'U2');
    return { ports, run, request };
  }

  it('lasts until its time is over', async () => {
    const { ports, run, request } = await decided('approved');
    expect(await approvedPlan(run, ports)).toEqual(request.plan);
    const late = { ...ports, clock: { ...ports.clock, now: () => new Date(NOW.getTime() + 61_000) } };
    expect(await approvedPlan(run, late)).toBeNull();
  });

  it('is none where nobody said yes, and of a first plan', async () => {
    const denied = await decided('denied');
    expect(await approvedPlan(denied.run, denied.ports)).toBeNull();
    const first = await decided('approved', { retries: 0 });
    expect(await approvedPlan(first.run, first.ports)).toBeNull();
  });

  it('is asked for again with another plan, and stands for its own', async () => {
    const { ports, request } = await decided('approved');
    const other: Plan = { ...plan(), digest: 'another' };
    expect(await ports.store.openApproval(request, true)).toBe(false);
    expect(await ports.store.openApproval({ ...request, plan: other }, true)).toBe(true);
    expect(await ports.store.decisionOn('r-1')).toBeNull();
  });
});

it('a merge whose nodes are away is planned again, and not ended', async () => {
  const ports = portsOf();
  const asked = record({ run: 'r-1', status: 'queued' });
  ports.outside.runs.set('r-1', asked);
  await propose({ run: 'r-1', cluster: asked.cluster }, ports);
  expect(ports.outside.runs.get('r-1')).toMatchObject({ status: 'queued', retries: 1, code: 'SSH_UNREACHABLE' });
  expect(ports.outside.finished).toEqual([]);
});
