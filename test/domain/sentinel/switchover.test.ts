import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SentinelReplica } from '../../../src/domain/sentinel/replies.ts';
import { notPreferred, prioritiesFor, type Prioritized } from '../../../src/domain/sentinel/switchover.ts';

function replicas(...priorities: readonly number[]): readonly Prioritized[] {
  return priorities.map((priority, at) => ({ node: `redis-0${at + 2}`, priority }));
}

describe('the priorities with which Sentinel promotes the target', () => {
  it.each<readonly [string, readonly number[], Readonly<Record<string, number>>]>([
    ['is the only replica', [100], {}],
    ['is preferred already', [10, 100], {}],
    ['is one of equals', [100, 100], { 'redis-02': 99 }],
    ['comes last', [100, 10], { 'redis-02': 9 }],
    ['meets a rival that cannot be undercut', [100, 1], { 'redis-03': 101 }],
    ['is first together with another', [1, 1], { 'redis-03': 2 }],
    ['meets a rival that Sentinel never promotes', [100, 0], {}],
  ])('where the target %s', (_, priorities, changes) => {
    expect(Object.fromEntries(prioritiesFor('redis-02', replicas(...priorities)))).toEqual(changes);
  });

  it('leave the target below all others, and 0 where it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.array(fc.nat(2000), { maxLength: 4 }), (own, others) => {
        const before = replicas(own, ...others);
        const changes = prioritiesFor('redis-02', before);
        const after = before.map(({ node, priority }) => ({ node, priority: changes.get(node ?? '') ?? priority }));
        const target = after.find(({ node }) => node === 'redis-02')?.priority ?? 0;
        const rivals = after.filter(({ node, priority }) => node !== 'redis-02' && priority > 0);
        expect(target).toBeGreaterThan(0);
        expect(rivals.every(({ priority }) => priority > target)).toBe(true);
        expect(after.filter(({ priority }) => priority === 0)).toHaveLength(others.filter((each) => each === 0).length);
      }),
    );
  });
});

describe('why Sentinel would not promote the target', () => {
  const seen: SentinelReplica = {
    host: '10.0.0.124',
    port: 6379,
    flags: new Set(['slave']),
    priority: 99,
    linkUp: true,
  };

  it.each<readonly [string | null, Partial<SentinelReplica> | null, Partial<SentinelReplica>]>([
    [null, {}, { priority: 100 }],
    [null, {}, { priority: 0 }],
    [null, {}, { priority: 1, flags: new Set(['slave', 's_down']) }],
    ['does not know it', null, {}],
    ['calls it down', { flags: new Set(['slave', 'disconnected']) }, {}],
    ['sees no link from it to the master', { linkUp: false }, {}],
    ['has its replica-priority as 0', { priority: 0 }, {}],
    ['prefers another replica', {}, { priority: 99 }],
  ])('%s', (why, own, other) => {
    const target = own && { ...seen, ...own };
    const rival = { ...seen, host: '10.0.0.125', ...other };
    expect(notPreferred(target, target ? [target, rival] : [rival])).toBe(why);
  });
});
