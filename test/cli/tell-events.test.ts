import { expect, it } from 'vitest';
import { eventTeller } from '../../src/cli/tell-events.ts';
import type { Progress, RunEvent } from '../../src/domain/run/event.ts';

const PLACE = {
  of: 2,
  action: {
    kind: 'daemon-reload',
    node: 'redis-01',
    summary: 'Wait',
    disruptive: false,
    reason: '',
  },
} as const;

function told(events: readonly [at: number, step: number, progress: Progress | null][]): readonly string[] {
  const lines: string[] = [];
  let time = 0;
  const emit = eventTeller(
    (line) => lines.push(line),
    () => time,
  );
  for (const [at, step, progress] of events) {
    time = at;
    const event: RunEvent = progress
      ? { kind: 'step-progress', step, ...PLACE, progress }
      : { kind: 'step-finished', step, ...PLACE, changed: true, durationMs: 5 };
    emit(event);
  }
  return lines.map((line) => line.replace('redis-01: Wait: ', ''));
}

const WAITING: Progress = { message: 'waiting' };
const loaded = (doneBytes: number): Progress => ({ message: 'loading', doneBytes, totalBytes: 1000 });

it('prints an unchanged text once', () => {
  expect(
    told([
      [0, 1, WAITING],
      [250, 1, WAITING],
      [9000, 1, WAITING],
      [9100, 1, null],
    ]),
  ).toEqual(['[1/2] waiting', '[1/2] changed (5 ms)']);
});

it('says another message at once, and figures once a second', () => {
  expect(
    told([
      [0, 1, WAITING],
      [10, 1, loaded(0)],
      [260, 1, loaded(100)],
      [510, 1, loaded(200)],
      [1010, 1, loaded(300)],
      [1100, 1, WAITING],
    ]),
  ).toEqual([
    '[1/2] waiting',
    '[1/2] loading (0 B of 1000 B, 0 %)',
    '[1/2] loading (300 B of 1000 B, 30 %)',
    '[1/2] waiting',
  ]);
});

it('keeps steps that go on at once apart', () => {
  expect(
    told([
      [0, 1, WAITING],
      [1, 2, WAITING],
      [2, 1, WAITING],
      [3, 2, WAITING],
    ]),
  ).toEqual(['[1/2] waiting', '[2/2] waiting']);
});
