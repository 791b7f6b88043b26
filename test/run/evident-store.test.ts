import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditTrailIn } from '../../src/adapters/audit/trail.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import { newRun } from '../../src/domain/run/new-run.ts';
import { endedEarly } from '../../src/domain/run/run.ts';
import type { AuditTrail } from '../../src/ports/audit-trail.ts';
import type { Store } from '../../src/ports/store.ts';
import { evidentStore, type EvidentStore } from '../../src/run/evident-store.ts';
import { realClock } from '../../src/time/real-clock.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { plan } from '../report/fixtures.ts';
import { auditedEntry } from '../domain/audit/entries.ts';
import { memoryStore, nothingKept, type Kept } from '../memory-store.ts';

const RUN = newRun(
  { run: 'run-1', cluster: 'redis', goal: { kind: 'converge' }, origin: { from: 'slack', actor: 'U1' } },
  new Date('2025-11-23T12:00:00Z'),
);
const FULL = new RedisopsError('AUDIT_FAILED', 'The audit cannot be written: no space left on device', { hint: 'x' });

let state: string;
let kept: Kept;
/** Whether the disk refuses. */
let isFull: boolean;
let evident: EvidentStore;
let store: Store;
let trail: AuditTrail;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'redisops-'));
  kept = nothingKept();
  isFull = false;
  const disk = auditTrailIn(state);
  trail = {
    ...disk,
    append: (entry) => (isFull ? Promise.reject(FULL) : disk.append(entry)),
    ready: () => (isFull ? Promise.reject(FULL) : disk.ready()),
  };
  evident = evidentStore(memoryStore(kept, realClock), trail, {
    clock: realClock,
    log: quietLog(),
    written: () => undefined,
  });
  ({ store } = evident);
});
afterEach(() => rm(state, { recursive: true, force: true }));

/** What is on disk, oldest first. */
async function onDisk(): Promise<readonly string[]> {
  const { entries, problems } = await trail.examine(null, 100, null);
  expect(problems).toEqual([]);
  return entries.toReversed().map(({ what, outcome }) => `${what}: ${outcome}`);
}

async function asked(): Promise<void> {
  await store.createRun(RUN, 'converge to Git');
  const request = { id: RUN.run, run: RUN.run, cluster: 'redis', plan: plan(), requester: RUN.origin };
  await store.openApproval({ ...request, expiresAt: '2099-01-01T00:00:00Z' });
}

const click = (decision: 'approved' | 'denied') =>
  store.spendApproval({ kind: 'approval', approval: RUN.run, digest: plan().digest, decision }, 'U2');

describe('the evidence', () => {
  it('has requests, approvals with the plan’s digest, refusals and ends, in order', async () => {
    await asked();
    expect(await click('approved')).toBe('spent');
    await store.audit(auditedEntry('approve', { outcome: 'approved', plan: plan().digest }));
    await store.audit(auditedEntry('apply', { outcome: 'NOT_ALLOWED' }));
    const denied = new RedisopsError('STALE_PLAN', 'x', { hint: 'y' });
    await store.finishRun(endedEarly(RUN, denied, plan()));
    expect(await onDisk()).toEqual([
      'converge to Git: queued',
      `approve plan ${plan().digest.slice(0, 12)}: attempted`,
      'approve: approved',
      'apply: NOT_ALLOWED',
      'end of converge to Git: STALE_PLAN',
    ]);
    const { entries, head } = await trail.examine(null, 100, null);
    expect(entries.at(-2)).toMatchObject({ plan: plan().digest, origin: { actor: 'U2' }, run: RUN.run });
    expect(await store.auditHead(trail.place)).toEqual(head);
  });

  it('has a request that is delivered twice once', async () => {
    await store.createRun(RUN, 'converge to Git');
    expect(await store.createRun(RUN, 'converge to Git')).toBe(false);
    expect(await onDisk()).toEqual(['converge to Git: queued']);
  });

  it('refuses what it cannot write first: runs, approvals, unlocking', async () => {
    await asked();
    await store.lock('redis', { by: RUN.origin, reason: 'audit', forMs: null });
    isFull = true;
    const other = { ...RUN, run: 'run-2' };
    await expect(store.createRun(other, 'purge')).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    await expect(click('approved')).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    await expect(store.unlock('redis')).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(await store.run('run-2')).toBeNull();
    expect(await store.decisionOn(RUN.run)).toBeNull();
    expect(await store.lockOn('redis')).not.toBeNull();
    isFull = false;
    expect(await click('approved')).toBe('spent');
  });

  it('lets a plan be denied on a full disk', async () => {
    await asked();
    isFull = true;
    expect(await click('denied')).toBe('spent');
  });

  it('keeps what has happened until it can be written, and is not ready meanwhile', async () => {
    isFull = true;
    const refused = auditedEntry('apply', { outcome: 'NOT_ALLOWED' });
    await expect(store.audit(refused)).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    await store.createRun(RUN, 'x').catch(() => undefined);
    await expect(evident.check()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    expect(kept.audited).toMatchObject([{ outcome: 'NOT_ALLOWED' }]);
    expect(await onDisk()).toEqual([]);
    isFull = false;
    await evident.check();
    await store.createRun(RUN, 'converge to Git');
    expect(await onDisk()).toEqual(['apply: NOT_ALLOWED', 'converge to Git: queued']);
  });

  it('never keeps a run’s end from the store', async () => {
    await store.createRun(RUN, 'converge to Git');
    isFull = true;
    const stopped = new RedisopsError('STOPPED', 'x', { hint: 'y' });
    expect(await store.finishRun(endedEarly(RUN, stopped, null))).toBe(true);
    isFull = false;
    await evident.check();
    expect(await onDisk()).toEqual(['converge to Git: queued', 'end of converge to Git: STOPPED']);
  });
});
