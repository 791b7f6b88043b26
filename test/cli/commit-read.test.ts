import { describe, expect, it } from 'vitest';
import type { LocalCommits } from '../../src/adapters/git/local-commits.ts';
import { notedCheckout } from '../../src/cli/commit-read.ts';
import { sourceOf } from '../ports.ts';

const HEAD = 'a'.repeat(40);
const FILES = { 'vars.yml': 'a: 1\n', 'hosts/r1.yml': 'b: 1\n', 'hosts/r2.yml': 'c: 1\n', 'README.md': 'Ours' };

function gitOf(files: Readonly<Record<string, string>> | null): LocalCommits {
  return {
    head: async () => (files === null ? null : HEAD),
    isAncestor: async () => true,
    at: (commit) => sourceOf(files ?? {}, commit),
  };
}

describe('what was read of a checkout', () => {
  it.each<[what: string, disk: Readonly<Record<string, string>>, commit: typeof FILES | null, expected: string | null]>(
    [
      ['as the commit has it', FILES, FILES, HEAD],
      [
        'as the commit has it, beside files that were not read',
        { ...FILES, 'README.md': 'Mine', 'x.txt': '' },
        FILES,
        HEAD,
      ],
      ['changed', { ...FILES, 'vars.yml': 'a: 2\n' }, FILES, null],
      ['of a file that Git does not know', { ...FILES, 'hosts/r3.yml': 'd: 1\n' }, FILES, null],
      ['without a file of the commit', { 'vars.yml': 'a: 1\n', 'hosts/r1.yml': 'b: 1\n' }, FILES, null],
      ['in no repository', FILES, null, null],
    ],
  )('%s', async (_, disk, commit, expected) => {
    const checkout = notedCheckout(sourceOf(disk, 'working tree'), gitOf(commit));
    await checkout.source.read('vars.yml');
    for (const name of await checkout.source.list('hosts')) await checkout.source.read(`hosts/${name}`);
    expect(await checkout.source.read('absent.yml')).toBeNull();
    expect(await checkout.commitRead()).toBe(expected);
  });

  it('is no commit where Git cannot read that', async () => {
    const git = {
      ...gitOf(FILES),
      at: () => ({ ...sourceOf(FILES), read: () => Promise.reject(new Error('a link')) }),
    };
    const checkout = notedCheckout(sourceOf(FILES), git);
    await checkout.source.read('vars.yml');
    expect(await checkout.commitRead()).toBeNull();
  });
});
