import { expect, it } from 'vitest';
import { changesOf, type BranchCommit } from '../../../src/domain/git/branch.ts';

/** `a1 b1 c2 d -`: a commit and its pull request. */
function line(text: string): readonly BranchCommit[] {
  const commits = text.split(' ').filter((word) => word !== '');
  return commits.map((word, at) => {
    const number = Number(word.slice(1));
    const parent = at === 0 ? 'base' : (commits[at - 1]?.charAt(0) ?? '');
    const pullRequest = number > 0 ? { number, mergedBy: 'ada' } : null;
    return { sha: word.charAt(0), parent, author: 'bob', pullRequest };
  });
}

it.each([
  ['', []],
  ['a1', ['base..a #1']],
  ['a1 b2', ['base..a #1', 'a..b #2']],
  ['a1 b1 c1', ['base..c #1']],
  ['a b c1', ['base..a', 'a..b', 'b..c #1']],
  ['a1 b1 c d1', ['base..b #1', 'b..c', 'c..d #1']],
])('what came at once: %s', (text, changes) => {
  const told = changesOf(line(text)).map(
    ({ base, commit, pullRequest }) => `${base}..${commit}${pullRequest ? ` #${pullRequest.number}` : ''}`,
  );
  expect(told).toEqual(changes);
});
