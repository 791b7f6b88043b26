import { describe, expect, it } from 'vitest';
import {
  figuresOf,
  median,
  startsOf,
  targetsOf,
  type Figures,
  type Results,
  type Starts,
} from '../../bench/figures.ts';
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
  gapMs: 20,
};

const STARTS: Starts = { node: 0.05, help: 0.1, ssh: 0.2, status: 0.3 };

function results(change: { ansible?: Partial<Figures>; bot?: Partial<Figures>; cold?: Partial<Figures> }): Results {
  const slow = {
    ...REDISOPS,
    status: 1.6,
    firstApply: 4,
    nothingToChange: 8,
    nothingUnverified: 3,
    maxmemory: 10,
    restart: 12.5,
  };
  return {
    ansible: { ...slow, ...change.ansible },
    bot: { ...REDISOPS, ...change.bot },
    'command-line': { ...REDISOPS, ...change.cold },
  };
}

function missed(of: Results, starts: Starts = STARTS): readonly string[] {
  return targetsOf(of, starts).flatMap(({ claim, held }) => (held ? [] : [claim]));
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

  it('takes the median over the rounds of the longest gap in each', () => {
    const gap = (longestGapMs: number) => ({ ...WRITES, longestGapMs });
    const rounds = [
      sample({ restartWrites: gap(40) }),
      sample({ writes: gap(25) }),
      sample({ writes: gap(9), restartWrites: gap(8) }),
    ];
    expect(figuresOf(rounds).gapMs).toBe(25);
  });

  it('takes the verified figure if verifying cannot be skipped', () => {
    expect(figuresOf([sample()]).nothingUnverified).toBe(0.2);
    expect(figuresOf([sample({ nothingUnverified: [0.05] })]).nothingUnverified).toBe(0.05);
  });
});

describe('startsOf', () => {
  it('takes medians over all samples of all rounds', () => {
    const sampleOf = (help: readonly number[]) => ({ node: [1], help, ssh: [2], status: [3] });
    expect(startsOf([sampleOf([1, 9]), sampleOf([5])])).toEqual({ node: 1, help: 5, ssh: 2, status: 3 });
  });
});

describe('targetsOf', () => {
  it('holds at the very bounds', () => {
    expect(missed(results({}))).toEqual([]);
  });

  it.each([
    ['status', results({ ansible: { status: 1.59 } }), 'status of three nodes: times faster, or within 60 ms'],
    ['an unchanged apply', results({ ansible: { nothingToChange: 7.9 } }), 'apply, nothing to change: times faster'],
    ['an unverified one', results({ ansible: { nothingUnverified: 2.9 } }), '  than Ansible without verifying'],
    ['maxmemory', results({ ansible: { maxmemory: 9.9 } }), 'change of maxmemory: times faster'],
    ['a restart', results({ ansible: { restart: 12.4 } }), 'restart of all three nodes: times faster'],
    ['a write gap', results({ bot: { gapMs: 21 } }), 'longest write gap, median of the rounds: milliseconds'],
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

  it.each([
    ['help', { ...STARTS, help: 0.11 }, 'redisops --help: times node -e 0'],
    ['a cold status', { ...STARTS, status: 0.31 }, 'redisops status, cold: times ssh HOST true on three hosts'],
  ])('is missed by %s', (_, starts, claim) => {
    expect(missed(results({}), starts)).toEqual([claim]);
  });

  it('takes a status within 60 ms, whatever Ansible takes', () => {
    expect(missed(results({ ansible: { status: 0.1 }, bot: { status: 0.06 } }))).toEqual([]);
  });

  it('does not ask whether Ansible loses writes', () => {
    expect(missed(results({ ansible: { writes: { ...WRITES, lost: 150 } } }))).toEqual([]);
  });
});
