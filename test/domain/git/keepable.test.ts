import { describe, expect, it } from 'vitest';
import type { Drift } from '../../../src/domain/drift/drift.ts';
import { keepableOf } from '../../../src/domain/git/keepable.ts';

function running(subject: string, actual: string, node = 'redis-02'): Drift {
  return { node, kind: 'running', subject, git: 'x', actual, byApply: true };
}

describe('what Git could adopt', () => {
  it.each<[string, readonly Drift[], Readonly<Record<string, string>> | null]>([
    ['is a value of the running Redis', [running('maxmemory', '5')], { maxmemory: '5' }],
    ['is one that several nodes have', [running('hz', '5'), running('hz', '5', 'redis-03')], { hz: '5' }],
    ['is none where they have several', [running('hz', '5'), running('hz', '6', 'redis-03')], null],
    ['is an empty value', [running('save', '""')], { save: '' }],
    ['is no secret', [running('masterauth', '••••••')], null],
    ['is nothing that was cut', [running('save', '900 1…')], null],
    ['is nothing but a directive', [running('/data/redis', 'read-only for the running Redis')], null],
    ['is not what only a file says', [{ ...running('hz', '5'), kind: 'file' }], null],
  ])('%s', (_, drifts, directives) => {
    const keepable = keepableOf(drifts);
    expect(keepable && Object.fromEntries(keepable.directives)).toEqual(directives);
  });

  it('is the master that the nodes have', () => {
    const role = { ...running('master of the cluster', 'redis-02'), kind: 'role' as const, byApply: false };
    expect(keepableOf([role])).toMatchObject({ master: 'redis-02', drifts: [role] });
  });
});
