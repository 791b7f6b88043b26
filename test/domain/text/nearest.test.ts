import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/domain/text/nearest.ts';

const NODES = ['redis-01', 'redis-02', 'redis-03'];

describe('nearest', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['redis-02', NODES, ['redis-02', 'redis-01', 'redis-03']],
    ['redis-2', NODES, ['redis-02', 'redis-01', 'redis-03']],
    ['REDIS-03', NODES, ['redis-03', 'redis-01', 'redis-02']],
    ['elasticsearch', NODES, []],
    ['', NODES, []],
    ['x', ['y'], ['y']],
    ['stauts', ['status', 'start', 'serve', 'stats', 'stop'], ['status', 'stats', 'start']],
    ['fialover', ['failover', 'fallover'], ['failover', 'fallover']],
    ['anything', [], []],
    ['x'.repeat(100_000), NODES, []],
  ])('%j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toEqual(expected);
  });

  it('gives at most three, and the name itself first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1 }), (candidates) => {
        const [wanted = ''] = candidates;
        const near = nearest(wanted, candidates);
        expect(near.length).toBeLessThanOrEqual(3);
        expect(near[0]?.toLowerCase()).toBe(wanted.toLowerCase());
      }),
    );
  });
});

describe('didYouMean', () => {
  it.each([
    ['resync', ' Did you mean resync?'],
    ['resnyc', ' Did you mean resync?'],
    ['elephant', ''],
  ])('%s', (name, text) => {
    expect(didYouMean(name, ['resync'])).toBe(text);
  });
});
