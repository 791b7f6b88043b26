import { expect, it } from 'vitest';
import { recentRevisions } from '../../../src/run/repositories/recent-revisions.ts';
import { sourceOf } from '../../desired/repository.ts';

it('shares the source of a commit, and drops the least recently used', () => {
  const asked: string[] = [];
  const at = recentRevisions((revision) => {
    asked.push(revision);
    return { ...sourceOf({}), revision };
  });
  const [head, base] = [at('head'), at('base')];
  expect(head.revision).toBe('head');
  at('wanted');
  expect([at('head'), at('base')]).toEqual([head, base]);
  expect(at('head')).toBe(head);
  at('another');
  expect(at('head')).toBe(head);
  expect(asked).toEqual(['head', 'base', 'wanted', 'another']);
  at('wanted');
  expect(asked).toEqual(['head', 'base', 'wanted', 'another', 'wanted']);
});
