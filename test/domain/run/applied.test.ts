import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appliedCommits, commitBefore, isRolledBack } from '../../../src/domain/run/applied.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { record } from '../../report/fixtures.ts';

type Told = readonly [run: string, what: string, change?: Partial<RunRecord>];

/** Oldest first; `to B` is a rollback. */
function history(...told: readonly Told[]): readonly RunRecord[] {
  return told
    .map(([run, what, change]) => {
      const revision = what.replace('to ', '');
      const goal = what.startsWith('to ') ? ({ kind: 'rollback', revision } as const) : ({ kind: 'converge' } as const);
      return record({ run, revision, goal, ...change });
    })
    .toReversed();
}

const FAILED = { status: 'failed', code: 'VERIFY_FAILED' } as const;

describe('the commits that the nodes had', () => {
  it.each<[string, readonly Told[], readonly string[]]>([
    [
      'each once, whoever brought it',
      [
        ['1', 'A'],
        ['2', 'A'],
        ['3', 'B'],
      ],
      ['A', 'B'],
    ],
    [
      'without what was taken back',
      [
        ['1', 'A'],
        ['2', 'B'],
        ['3', 'to A'],
      ],
      ['A'],
    ],
    [
      'with what came after that',
      [
        ['1', 'A'],
        ['2', 'B'],
        ['3', 'to A'],
        ['4', 'C'],
      ],
      ['A', 'C'],
    ],
    [
      'with what failed on its way',
      [
        ['1', 'A'],
        ['changed', 'B', FAILED],
      ],
      ['A', 'B'],
    ],
    [
      'without what failed before it began',
      [
        ['1', 'A'],
        ['2', 'B', FAILED],
      ],
      ['A'],
    ],
    [
      'without what was refused',
      [
        ['1', 'A'],
        ['2', 'B', { status: 'refused' }],
      ],
      ['A'],
    ],
    [
      'with what a rollback that failed did not take back',
      [
        ['1', 'A'],
        ['2', 'B'],
        ['3', 'to A', FAILED],
      ],
      ['A', 'B'],
    ],
    [
      'again, where the head was applied after a rollback',
      [
        ['1', 'A'],
        ['2', 'B'],
        ['3', 'to A'],
        ['4', 'B'],
      ],
      ['A', 'B'],
    ],
  ])('%s', (_, told, commits) => {
    expect(appliedCommits(history(...told), new Set(['changed'])).map(({ revision }) => revision)).toEqual(commits);
  });

  it('before the last one, or before a run', () => {
    const commits = appliedCommits(history(['1', 'A'], ['2', 'B'], ['3', 'C']), new Set());
    expect(commitBefore(commits, null)).toBe('B');
    expect(commitBefore(commits, '2')).toBe('A');
    expect(commitBefore(commits, '1')).toBeNull();
    expect(commitBefore(commits, 'other')).toBeNull();
    expect(commitBefore([], null)).toBeNull();
  });

  it('before, but for what never was healthy', () => {
    const told: readonly Told[] = [
      ['1', 'A'],
      ['2', 'B', FAILED],
      ['3', 'C', FAILED],
    ];
    const changed = new Set(['2', '3']);
    expect(commitBefore(appliedCommits(history(...told), changed), null)).toBe('A');
    const mended: readonly Told[] = [...told, ['4', 'B'], ['5', 'D']];
    expect(commitBefore(appliedCommits(history(...mended), changed), null)).toBe('B');
  });

  it('go back one by one by rollbacks alone, and never to and fro', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('A', 'B', 'C', 'back'), { maxLength: 12 }), (steps) => {
        const told: Told[] = [];
        const now = () => appliedCommits(history(...told), new Set());
        for (const [at, step] of steps.entries()) {
          const target = step === 'back' ? commitBefore(now(), null) : step;
          if (target !== null) told.push([String(at), step === 'back' ? `to ${target}` : target]);
        }
        const before = now().map(({ revision }) => revision);
        for (let length = before.length; length > 1; length -= 1) {
          told.push([`end ${length}`, `to ${commitBefore(now(), null)}`]);
          expect(now().map(({ revision }) => revision)).toEqual(before.slice(0, length - 1));
        }
        expect(commitBefore(now(), null)).toBeNull();
      }),
    );
  });
});

it.each<[string, readonly Told[], boolean]>([
  ['after a merge', [['1', 'A']], false],
  [
    'after a rollback',
    [
      ['1', 'A'],
      ['2', 'B'],
      ['3', 'to A'],
    ],
    true,
  ],
  [
    'after one that failed',
    [
      ['1', 'A'],
      ['2', 'to A', FAILED],
    ],
    true,
  ],
  [
    'after what did not begin',
    [
      ['1', 'to A'],
      ['2', 'B', { status: 'refused' }],
    ],
    true,
  ],
  [
    'after a further merge',
    [
      ['1', 'to A'],
      ['2', 'C'],
    ],
    false,
  ],
  ['never', [], false],
])('is rolled back %s: %j', (_, told, expected) => {
  expect(isRolledBack(history(...told))).toBe(expected);
});
