import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drift, DriftLook } from '../../../src/domain/drift/drift.ts';
import { afterLook, driftShown, heldUntil, type DriftRecord } from '../../../src/domain/drift/drift-record.ts';

const NODES = ['redis-01', 'redis-02'];
const T0 = Date.parse('2025-11-23T12:00:00Z');

function at(minutes: number): Date {
  return new Date(T0 + minutes * 60_000);
}

function difference(node: string, subject: string, actual = '5'): Drift {
  return { node, kind: 'running', subject, git: '1', actual, byApply: true };
}

function looked(drifts: readonly Drift[], unread: readonly string[] = []): DriftLook {
  const unknown = unread.map((node) => ({ node, code: 'SSH_TIMEOUT' as const, reason: 'no answer' }));
  return { cluster: 'redis', revision: 'c0ffee', drifts, unread: unknown, obstacles: [] };
}

function after(before: DriftRecord | null, look: DriftLook, minutes: number) {
  const news = afterLook(before, look, at(minutes));
  if (!news) throw new Error('nothing came of the look');
  return news;
}

describe('a look', () => {
  it('that finds nothing, and had nothing before, gives nothing', () => {
    expect(afterLook(null, looked([]), at(0))).toBeNull();
    const { record } = after(after(null, looked([difference('redis-01', 'a')]), 0).record, looked([]), 15);
    expect(afterLook(record, looked([]), at(30))).toBeNull();
  });

  it('that finds the same again changes nothing that is shown', () => {
    const first = after(null, looked([difference('redis-01', 'a')]), 0).record;
    const { record, added } = after(first, looked([difference('redis-01', 'a')]), 15);
    expect([driftShown(record), added, record.since]).toEqual([driftShown(first), [], first.since]);
  });

  it('that finds more continues the same drift, and reports what is new once', () => {
    const [one, two] = [difference('redis-01', 'a'), difference('redis-02', 'b')];
    const first = after(null, looked([one]), 0);
    expect(first.added).toEqual([]);
    const second = after(first.record, looked([one, two]), 15);
    expect([second.added, second.record.since]).toEqual([[two], first.record.since]);
    const third = after(second.record, looked([one]), 30);
    expect(after(third.record, looked([one, two]), 45).added).toEqual([]);
  });

  it('that finds it gone records when; later differences are a new drift', () => {
    const first = after(null, looked([difference('redis-01', 'a')]), 0).record;
    const gone = after({ ...first, message: { channel: 'C', timestamp: '1' } }, looked([]), 15).record;
    expect(gone.goneAt).toBe(at(15).toISOString());
    const next = after(gone, looked([difference('redis-01', 'a')]), 30).record;
    expect([next.since, next.goneAt, next.message]).toEqual([at(30).toISOString(), null, null]);
  });

  it('does not treat an unreadable node as fixed', () => {
    const one = difference('redis-01', 'a');
    const first = after(null, looked([one]), 0).record;
    const dark = after(first, looked([], ['redis-01']), 15).record;
    expect([dark.look.drifts, dark.goneAt]).toEqual([[one], null]);
    expect(after(dark, looked([]), 30).record.goneAt).toBe(at(30).toISOString());
  });

  it('stays ignored until its time, or until something new', () => {
    const one = difference('redis-01', 'a');
    const ignored = { until: at(60).toISOString(), by: 'U1' };
    const first = { ...after(null, looked([one]), 0).record, ignored };
    expect(after(first, looked([difference('redis-01', 'a', '6')]), 15).record.ignored).toEqual(ignored);
    const more = after(first, looked([one, difference('redis-02', 'a')]), 15);
    expect([more.record.ignored, more.returned, more.added.length]).toEqual([null, false, 1]);
    const late = after(first, looked([one]), 60);
    expect([late.record.ignored, late.returned]).toEqual([null, true]);
  });

  it('within an hour of an automatic apply delays the next one, even for a new drift', () => {
    const first = { ...after(null, looked([difference('redis-01', 'a')]), 0).record, appliedAt: at(0).toISOString() };
    const gone = after(first, looked([]), 5).record;
    const back = after(gone, looked([difference('redis-01', 'a')]), 20).record;
    expect(heldUntil(back, at(20))).toEqual(at(60));
    expect(heldUntil(back, at(60))).toBeNull();
  });

  it('in any order leaves one open drift at most, which is gone only when all nodes were read and right', () => {
    const drift = fc.record({ node: fc.constantFrom(...NODES), subject: fc.constantFrom('a', 'b', 'c') });
    const anyLook = fc.record({ drifts: fc.uniqueArray(drift), unread: fc.subarray(NODES) });
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 8 }), (looks) => {
        let record: DriftRecord | null = null;
        looks.forEach(({ drifts, unread }, index) => {
          const readable = drifts.filter(({ node }) => !unread.includes(node));
          const seen = looked(
            readable.map(({ node, subject }) => difference(node, subject)),
            unread,
          );
          record = afterLook(record, seen, at(index))?.record ?? record;
          const clean = readable.length === 0 && unread.length === 0;
          expect(record === null || record.goneAt !== null).toBe(clean);
          if (!clean) expect(record).toMatchObject({ look: { unread: seen.unread } });
        });
      }),
    );
  });
});
