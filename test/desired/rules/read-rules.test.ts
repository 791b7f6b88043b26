import { describe, expect, it } from 'vitest';
import { policyOfCluster, underRulesOf } from '../../../src/desired/rules/read-rules.ts';
import type { ConfigSource } from '../../../src/ports/git.ts';
import { sourceOf } from '../repository.ts';

const RULES = sourceOf({ 'redisops.yml': 'clusters: {redis: {approvers: [U0BEN]}}', 'a.yml': 'a: 1', 'b/c.yml': '' });
const FILES = { 'redisops.yml': 'clusters: {redis: {approvers: [U0EVE]}}', 'a.yml': 'a: 2', 'd/e.yml': '' };

/** Like some adapters: methods on a prototype, not on the object. */
class Source implements ConfigSource {
  readonly revision = 'f'.repeat(40);
  readonly #files = sourceOf(FILES);

  read(path: string): Promise<string | null> {
    return this.#files.read(path);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#files.list(folder);
  }
}

describe('the files of one revision under the rules of another', () => {
  it.each([
    ['an object', { ...sourceOf(FILES), revision: 'f'.repeat(40) }],
    ['an instance of a class', new Source()],
  ])('of %s', async (_, files) => {
    const source = underRulesOf(RULES, files);
    expect((await policyOfCluster(source, 'redis')).policy.approvers).toEqual(['U0BEN']);
    expect(await source.read('a.yml')).toBe('a: 2');
    expect([await source.list('d'), await source.list('b')]).toEqual([['e.yml'], []]);
    expect(source.revision).toBe('f'.repeat(40));
  });

  it('are the rules of nobody where there were none', async () => {
    const source = underRulesOf(sourceOf({}), sourceOf(FILES));
    expect((await policyOfCluster(source, 'redis')).policy.approvers).toEqual([]);
  });
});
