import { describe, expect, it } from 'vitest';
import { figuresOf, median, targetsOf, type Figures, type Results } from '../../bench/figures.ts';
import type { RoundSample } from '../../bench/round.ts';

const WRITES = { acknowledged: 200, lost: 0, refused: 0, longestGapMs: 20 };

function sample(change: Partial<RoundSample> = {}): RoundSample {
  const times = { firstApply: 2, nothingToChange: [0.2], nothingUnverified: [], status: [0.1], maxmemory: 0.5 };
  return { ...times, writes: WRITES, restart: 2.5, restartWrites: WRITES, ...change };
}

const REDISOPS: Figures = {
  status: 0.1,
  firstApply: 2,
  nothingToChange: 0.2,
  nothingUnverified: 0.2,
  maxmemory: 0.5,
  writes: WRITES,
  restart: 2.5,
  restartWrites: WRITES,
};

function results(change: { ansible?: Partial<Figures>; bot?: Partial<Figures>; cold?: Partial<Figures> }): Results {
  const slow = { ...REDISOPS, status: 1, firstApply: 4, nothingToChange: 4, nothingUnverified: 3 };
  return {
    ansible: { ...slow, ...change.ansible },
    bot: { ...REDISOPS, ...change.bot },
    'command-line': { ...REDISOPS, ...change.cold },
  };
}

function missed(of: Results): readonly string[] {
  return targetsOf(of).flatMap(({ claim, held }) => (held ? [] : [claim]));
}

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('is refused without values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('figuresOf', () => {
  it('takes medians over all samples of all rounds', () => {
    const figures = figuresOf([sample({ status: [1, 2] }), sample({ status: [3, 4, 100], firstApply: 6 })]);
    expect(figures).toMatchObject({ status: 3, firstApply: 4 });
  });

  it('adds the writes up and keeps the longest gap', () => {
    const writes = { acknowledged: 100, lost: 7, refused: 1, longestGapMs: 900 };
    expect(figuresOf([sample(), sample({ writes })]).writes).toEqual({
      acknowledged: 300,
      lost: 7,
      refused: 1,
      longestGapMs: 900,
    });
  });

  it('takes the verified figure where verifying cannot be left out', () => {
    expect(figuresOf([sample()]).nothingUnverified).toBe(0.2);
    expect(figuresOf([sample({ nothingUnverified: [0.05] })]).nothingUnverified).toBe(0.05);
  });
});

describe('targetsOf', () => {
  it('holds at the very bounds', () => {
    expect(missed(results({}))).toEqual([]);
  });

  it.each([
    ['status', results({ ansible: { status: 0.99 } }), 'status of three nodes: times faster'],
    ['an unchanged apply', results({ ansible: { nothingUnverified: 2.9 } }), 'apply, nothing to change: times faster'],
    ['a first apply', results({ bot: { firstApply: 2.1 } }), 'first apply: times faster'],
    ['a write lost by the bot', results({ bot: { writes: { ...WRITES, lost: 1 } } }), 'acknowledged writes lost'],
    ['a write lost by hand', results({ cold: { writes: { ...WRITES, lost: 1 } } }), 'acknowledged writes lost'],
    [
      'too few writes',
      results({ cold: { writes: { ...WRITES, acknowledged: 49 } } }),
      'acknowledged writes that the claim of none lost rests on',
    ],
  ])('is missed by %s', (_, figures, claim) => {
    expect(missed(figures)).toEqual([claim]);
  });

  it('does not ask whether Ansible loses writes', () => {
    expect(missed(results({ ansible: { writes: { ...WRITES, lost: 150 } } }))).toEqual([]);
  });
});
