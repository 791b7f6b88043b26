import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesHistory } from '../../../src/domain/replication/history.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const NONE = '0'.repeat(40);

function history(id: string, offset: number, id2 = NONE, secondOffset = -1) {
  return { replicationId: id, offset, replicationId2: id2, secondOffset };
}

describe('sharesHistory', () => {
  it.each([
    ['a replica behind its master', history(A, 90), history(A, 100), true],
    ['one that is ahead', history(A, 110), history(A, 100), false],
    ['another history', history(B, 10), history(A, 100), false],
    ['an old master that the new one went past', history(A, 100), history(B, 150, A, 101), true],
    ['an old master that took a write more', history(A, 101), history(B, 150, A, 101), false],
    ['a replica that was detached and not written to', history(B, 100, A, 101), history(A, 120), true],
    ['a replica that was detached and written to', history(B, 130, A, 101), history(A, 140), false],
    ['two that never replicated: their empty second IDs are no kinship', history(A, 0), history(B, 5), false],
  ])('%s', (_, node, master, expected) => {
    expect(sharesHistory(node, master)).toBe(expected);
  });

  it('never says so of a node that is ahead of every history that both know', () => {
    const arbitrary = fc.record({
      replicationId: fc.constantFrom(A, B),
      replicationId2: fc.constantFrom(A, B, NONE),
      offset: fc.nat(50),
      secondOffset: fc.integer({ min: -1, max: 50 }),
    });
    fc.assert(
      fc.property(arbitrary, arbitrary, (node, master) => {
        expect(!sharesHistory(node, master) || node.offset <= Math.max(master.offset, master.secondOffset)).toBe(true);
      }),
    );
  });
});
