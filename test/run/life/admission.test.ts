import { describe, expect, it } from 'vitest';
import { run as execute } from '../../../jobs/execute.ts';
import { run as propose } from '../../../jobs/propose.ts';
import type { Origin, RunRecord } from '../../../src/domain/run/run.ts';
import { obstacleToStart } from '../../../src/run/life/admission.ts';
import { recoverRuns } from '../../../src/run/life/recover.ts';
import { NOW, portsOf, type Given } from '../../ports.ts';
import { approval, record } from '../../report/fixtures.ts';
import type { JournalEntry } from '../../../src/domain/run/journal.ts';

const ANNA: Origin = { from: 'slack', actor: 'U0ANNA' };
const MERGE: Origin = { from: 'github', actor: 'alice', pullRequest: 7 };
/** NOW is noon of a Sunday. */
const FROZEN = ['freeze:', '  - { cron: "0 18 * * 5", minutes: 3600, reason: weekend }'];
const BEGUN: JournalEntry = { at: NOW.toISOString(), step: 1, node: 'redis-02', action: 'write-file', state: 'began' };

function withRun(given: Given & { run?: Partial<RunRecord> } = {}) {
  const ports = portsOf(given);
  const run = record({ run: 'r-1', origin: ANNA, status: 'queued', finishedAt: null, code: null, ...given.run });
  ports.outside.runs.set(run.run, run);
  const job = () => propose({ run: run.run, cluster: run.cluster }, ports);
  const lock = (forMs: number | null = null) => ports.store.lock('redis', { by: ANNA, reason: 'new disks', forMs });
  return { ports, run, job, lock, outside: ports.outside, kept: () => ports.outside.runs.get('r-1') };
}

describe('a lock', () => {
  it('refuses a manual run before anything is read', async () => {
    const { job, lock, outside } = withRun();
    await lock(2 * 3_600_000);
    await job();
    expect(outside.finished).toMatchObject([
      {
        outcome: 'refused',
        code: 'CLUSTER_LOCKED',
        message: 'redis is locked by U0ANNA until 2025-11-23 14:00 UTC: new disks',
        plan: null,
      },
    ]);
  });

  it('refuses a plan that was approved before', async () => {
    const { ports, lock, outside } = withRun({
      run: { status: 'awaiting-approval' },
      store: { decisionOn: async () => ({ by: 'U1', decision: 'approved', at: '' }) },
    });
    await ports.store.openApproval(approval({ id: 'r-1', run: 'r-1' }));
    await lock();
    await execute({ run: 'r-1', cluster: 'redis' }, ports);
    expect(outside.finished).toMatchObject([{ outcome: 'refused', code: 'CLUSTER_LOCKED' }]);
    expect(outside.finished[0]?.hint).toContain('No changes were made.');
  });

  it('is no freeze: glass does not break it', async () => {
    const { ports, run, lock } = withRun({ run: { breakGlass: 'outage' } });
    await lock();
    expect(await obstacleToStart(run, ports)).toMatchObject({ code: 'CLUSTER_LOCKED' });
  });

  it('lets a run go on that another worker had begun', async () => {
    const { ports, run, lock } = withRun({ policy: FROZEN, store: { journal: async () => [BEGUN] } });
    await lock();
    expect(await obstacleToStart(run, ports)).toBeNull();
  });
});

describe('a freeze', () => {
  it('refuses a manual run, and says until when', async () => {
    const { job, outside } = withRun({ policy: FROZEN });
    await job();
    expect(outside.finished).toMatchObject([
      { outcome: 'refused', code: 'FROZEN', message: 'redis is frozen until 2025-11-24 06:00 UTC: weekend' },
    ]);
    expect(outside.finished[0]?.hint).toContain('--break-glass');
  });

  it('yields only to a recorded break', async () => {
    const { ports, run } = withRun({ policy: FROZEN });
    expect(await obstacleToStart(run, ports)).toMatchObject({ code: 'FROZEN' });
    expect(await obstacleToStart({ ...run, breakGlass: 'outage' }, ports)).toBeNull();
  });

  it('is not lifted by the merge that removes it', async () => {
    const frozen = portsOf({ policy: FROZEN });
    const free = portsOf({});
    const source = (revision: string | null) => (revision === 'before' ? frozen.source(null) : free.source(null));
    const { ports, run } = withRun({ ports: { source }, run: { origin: MERGE, base: 'before' } });
    expect(await obstacleToStart(run, ports)).toMatchObject({ code: 'FROZEN' });
    expect(await obstacleToStart({ ...run, base: undefined }, ports)).toBeNull();
  });

  it('holds if redisops.yml cannot be read', async () => {
    const { job, outside } = withRun({ files: { 'redisops.yml': 'clusters: [' } });
    await job();
    expect(outside.finished).toMatchObject([{ code: 'CONFIG_INVALID' }]);
  });
});

describe('a merge', () => {
  it('waits while the cluster is locked, says so once, and then begins', async () => {
    const { ports, job, lock, outside, kept } = withRun({ run: { origin: MERGE } });
    await lock();
    await job();
    expect(outside.finished).toEqual([]);
    expect(kept()).toMatchObject({ status: 'queued', waits: { code: 'CLUSTER_LOCKED' }, waited: 1 });
    const edits = () => outside.said.filter(({ how }) => how === 'edit').map(({ report }) => report?.title);
    expect(edits()).toEqual(['redis: converge to Git waits']);

    await recoverRuns('redis', ports);
    await recoverRuns('redis', ports);
    expect([outside.jobs, edits().length]).toEqual([[], 1]);

    await ports.store.unlock('redis');
    await recoverRuns('redis', ports);
    await recoverRuns('redis', ports);
    expect(outside.jobs.map(({ id }) => id)).toEqual(['propose-r-1-attempt-2']);
    expect(kept()).toMatchObject({ status: 'queued', attempt: 2, waits: null });
  });

  it('waits through as many locks as there are', async () => {
    const { ports, job, lock, outside, kept } = withRun({ run: { origin: MERGE } });
    for (let round = 0; round < 5; round += 1) {
      await lock();
      await job();
      await ports.store.unlock('redis');
      await recoverRuns('redis', ports);
    }
    expect(outside.finished).toEqual([]);
    expect(kept()).toMatchObject({ status: 'queued', attempt: 6 });
  });

  it('says what it waits for when that changes', async () => {
    const { ports, job, lock, outside, kept } = withRun({ run: { origin: MERGE }, policy: FROZEN });
    await lock();
    await job();
    await ports.store.unlock('redis');
    await recoverRuns('redis', ports);
    expect(kept()?.waits?.code).toBe('FROZEN');
    expect(outside.said.at(-1)?.report?.summary).toContain('weekend');
    expect(outside.jobs).toEqual([]);
  });

  it('does not wait for a cluster that Git names no more: it is refused, once', async () => {
    const there = portsOf({ policy: FROZEN });
    const gone = portsOf({ files: { 'redisops.yml': 'clusters: { other: {} }' } });
    let now = there;
    const { ports, job, outside, kept } = withRun({
      run: { origin: MERGE },
      ports: { source: (revision) => now.source(revision) },
    });
    await job();
    expect(kept()?.waits?.code).toBe('FROZEN');
    now = gone;
    await recoverRuns('redis', ports);
    expect(outside.jobs.map(({ id }) => id)).toEqual(['propose-r-1-attempt-2']);
    await job();
    await recoverRuns('redis', ports);
    expect(outside.finished).toMatchObject([{ outcome: 'refused', code: 'UNKNOWN_CLUSTER' }]);
    expect(outside.log.lines.filter(({ message }) => message.startsWith('could not'))).toEqual([]);
  });

  it('started by drift is refused: the next look tries again', async () => {
    const { job, lock, outside } = withRun({ run: { origin: { from: 'redisops', actor: 'drift' } } });
    await lock();
    await job();
    expect(outside.finished).toMatchObject([{ code: 'CLUSTER_LOCKED' }]);
  });
});
