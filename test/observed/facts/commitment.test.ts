import { expect, it } from 'vitest';
import { commitmentFact } from '../../../src/observed/facts/commitment.ts';

it.each([
  ['0', 'rule 0\nCommitLimit 300\nCommitted_AS 100\n', { overcommit: 'heuristic', uncommittedBytes: 200 * 1024 }],
  ['1', 'rule 1\nCommitLimit 300\nCommitted_AS 400\n', { overcommit: 'always', uncommittedBytes: 0 }],
  ['2', 'rule 2\nCommitLimit 300\nCommitted_AS 100\n', { overcommit: 'never', uncommittedBytes: 200 * 1024 }],
  ['not there', 'rule \nCommitLimit 300\nCommitted_AS 100\n', null],
  ['something new', 'rule 7\nCommitLimit 300\nCommitted_AS 100\n', null],
  ['0, and /proc/meminfo of other words', 'rule 0\nMemTotal 1\n', null],
])('vm.overcommit_memory is %s', (_, stdout, expected) => {
  expect(commitmentFact.parse(stdout)).toEqual(expected);
});
