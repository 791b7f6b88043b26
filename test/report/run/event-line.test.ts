import { expect, it } from 'vitest';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { RunEvent } from '../../../src/domain/run/event.ts';
import { eventLine } from '../../../src/report/run/event-line.ts';
import { action, plan, verification } from '../fixtures.ts';

const STEP = { step: 3, of: 9, action: action('redis-02', 'await-link', { summary: 'wait for the link' }) } as const;

it.each<[RunEvent, string | null]>([
  [{ kind: 'planned', plan: plan() }, null],
  [{ kind: 'step-started', ...STEP }, null],
  [
    { kind: 'step-finished', ...STEP, changed: true, durationMs: 1234 },
    '[3/9] redis-02: wait for the link: changed (1.2 s)',
  ],
  [{ kind: 'step-finished', ...STEP, changed: false, durationMs: 4 }, '[3/9] redis-02: wait for the link: ok (4 ms)'],
  [{ kind: 'step-progress', ...STEP, progress: { message: 'loading' } }, '[3/9] redis-02: wait for the link: loading'],
  [
    { kind: 'step-progress', ...STEP, progress: { message: 'loading', doneBytes: 1024, totalBytes: 4096 } },
    '[3/9] redis-02: wait for the link: loading (1 KiB of 4 KiB, 25 %)',
  ],
  [
    {
      kind: 'step-progress',
      ...STEP,
      progress: { message: 'receiving', doneBytes: 1024, totalBytes: 4096, estimated: true, secondsLeft: 75 },
    },
    '[3/9] redis-02: wait for the link: receiving (1 KiB of about 4 KiB, 25 %, 1 min 15 s left)',
  ],
  [
    { kind: 'step-progress', ...STEP, progress: { message: 'loading', doneBytes: 1024, totalBytes: 0 } },
    '[3/9] redis-02: wait for the link: loading (1 KiB)',
  ],
  [
    { kind: 'step-failed', ...STEP, error: new RedisopsError('TIMED_OUT', 'no link\u001B[2J\nin time', { hint: '' }) },
    '[3/9] redis-02: wait for the link: failed: no link in time (TIMED_OUT)',
  ],
  [{ kind: 'putting-back', nodes: ['redis-02'], plan: plan() }, 'Restoring redis-02.'],
  [{ kind: 'verified', verification: verification() }, 'Verified: healthy'],
])('event %#', (event, line) => {
  expect(eventLine(event)).toBe(line);
});
