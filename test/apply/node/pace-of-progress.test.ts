import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PaceOfProgress } from '../../../src/apply/node/pace-of-progress.ts';

const TOTAL = 1000;

/** Seconds left after each `[milliseconds, bytes]`. */
function leftAfter(looks: readonly (readonly [number, number])[], message = () => 'loading'): (number | undefined)[] {
  const pace = new PaceOfProgress();
  return looks.map(
    ([now, doneBytes]) => pace.timed({ message: message(), doneBytes, totalBytes: TOTAL }, now).secondsLeft,
  );
}

it('estimates the time left from the last seconds', () => {
  expect(
    leftAfter([
      [0, 0],
      [500, 50],
      [1000, 100],
      [2000, 200],
    ]),
  ).toEqual([undefined, undefined, 9, 8]);
});

it('forgets how fast it once was', () => {
  expect(
    leftAfter([
      [0, 0],
      [1000, 500],
      [8000, 510],
      [11_000, 520],
    ]).at(-1),
  ).toBe(240);
});

it.each<[string, readonly (readonly [number, number])[]]>([
  [
    'nothing moves',
    [
      [0, 10],
      [2000, 10],
    ],
  ],
  [
    'it begins anew',
    [
      [0, 500],
      [2000, 10],
    ],
  ],
  [
    'more came than there was to be',
    [
      [0, 500],
      [2000, 1001],
    ],
  ],
])('tells nothing when %s', (_, looks) => {
  expect(leftAfter(looks).at(-1)).toBeUndefined();
});

it('does not carry the rate of one phase over to another', () => {
  let phase = 0;
  expect(
    leftAfter(
      [
        [0, 0],
        [2000, 500],
      ],
      () => `phase ${(phase += 1)}`,
    ),
  ).toEqual([undefined, undefined]);
});

it('ignores uncounted progress, and unknown sizes', () => {
  const pace = new PaceOfProgress();
  expect(pace.timed({ message: 'waiting' }, 0)).toEqual({ message: 'waiting' });
  pace.timed({ message: 'loading', doneBytes: 0 }, 0);
  expect(pace.timed({ message: 'loading', doneBytes: 100 }, 5000)).toEqual({ message: 'loading', doneBytes: 100 });
});

it('is never less than nothing', () => {
  const look = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: TOTAL }));
  fc.assert(
    fc.property(fc.array(look), (steps) => {
      let now = 0;
      const looks = steps.map(([later, done]) => [(now += later), done] as const);
      for (const left of leftAfter(looks)) expect(left ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
