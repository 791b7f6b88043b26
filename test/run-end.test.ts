import { describe, expect, it } from 'vitest';
import type { Code } from '../src/domain/code.ts';
import { withLoss, type End } from '../src/run-end.ts';

const LOSS = 'redis-01 held 500 keys before the run, and holds none.';

function ended(outcome: End['outcome'], code: Code): End {
  return { outcome, code, message: 'How it went.', hint: null, plan: null, verification: null, recap: null };
}

describe('data that went in a run', () => {
  it.each<[End['outcome'], Code, Code]>([
    ['done', 'DONE', 'VERIFY_FAILED'],
    ['failed', 'COMMAND_FAILED', 'COMMAND_FAILED'],
    // Such a run goes on later, and would not know of it any more.
    ['failed', 'QUEUE_FAILED', 'VERIFY_FAILED'],
  ])('is told, and ends the run for good: %s %s', (outcome, code, expected) => {
    const end = withLoss(ended(outcome, code), LOSS);
    expect(end).toMatchObject({ outcome: 'failed', code: expected });
    expect(end.message).toContain(LOSS);
  });

  it('is not told where none went', () => {
    expect(withLoss(ended('done', 'DONE'), null)).toEqual(ended('done', 'DONE'));
  });
});
