import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { revisionToPlan, sourceOf } from '../../../src/run/life/source-of.ts';
import { fakeGitHub, portsOf } from '../../ports.ts';
import { record } from '../../report/fixtures.ts';
import type { Commits, ConfigSource } from '../../../src/ports/git.ts';
import type { JournalEntry } from '../../../src/domain/run/journal.ts';

const [MERGED, HEAD] = ['a'.repeat(40), 'b'.repeat(40)];
const STEP: JournalEntry = {
  at: '2025-12-03T14:05:10.000Z',
  step: 1,
  node: 'redis-02',
  action: 'write-file',
  state: 'began',
};

interface Case {
  head?: string;
  ancestor?: boolean;
  changed?: string;
  journal?: readonly JournalEntry[];
  other?: Partial<RunRecord>;
  run?: Partial<RunRecord>;
}

async function readAt({ head = HEAD, ancestor = true, changed, journal = [], other, run }: Case) {
  const at = (revision: string | null): ConfigSource => ({
    revision: revision ?? head,
    read: async () => null,
    list: async () => [],
  });
  const commits: Partial<Commits> = {
    isAncestor: async (commit, of) => ancestor && commit === MERGED && of === HEAD,
    changedPaths: async () => [changed ?? 'ansible/group_vars/redis.yml'],
  };
  const ports = portsOf({
    ports: { gitHub: fakeGitHub({ commits }), source: async (revision) => at(revision) },
    store: { journal: async () => journal },
  });
  const asked = record({ run: 'asked', revision: MERGED, status: 'planning', ...run });
  ports.outside.runs.set('asked', asked);
  if (other) ports.outside.runs.set('other', record({ run: 'other', ...other }));
  return sourceOf(asked, revisionToPlan(asked), ports).then(
    (source) => source.revision,
    (error: unknown) => error,
  );
}

const LATER = { finishedAt: '2025-12-03T14:06:00.000Z' };

describe('a run’s commit', () => {
  it.each<[string, Case, string]>([
    ['is the merge’s while that is the head', { head: MERGED }, MERGED],
    ['is the merge’s while the head changes other things', { changed: 'README.md' }, MERGED],
    ['stays where the run was begun', { journal: [STEP] }, MERGED],
    ['stays where another was refused meanwhile', { journal: [STEP], other: { ...LATER, status: 'refused' } }, MERGED],
    ['stays where another ended before', { journal: [STEP], other: { finishedAt: '2025-12-03T14:05:00Z' } }, MERGED],
    [
      'is the one that is gone back to',
      { run: { goal: { kind: 'rollback', revision: MERGED }, origin: { from: 'slack', actor: 'U1' } } },
      MERGED,
    ],
    ['is the head for what was asked by hand', { run: { origin: { from: 'slack', actor: 'U1' } } }, HEAD],
  ])('%s', async (_, given, revision) => {
    expect(await readAt(given)).toBe(revision);
  });

  it.each<[string, Case, RegExp, RegExp]>([
    ['the head changes the cluster again', {}, /branch is at bbbb.* changes redis again/, /was not applied/],
    [
      'it is no longer on the branch',
      { ancestor: false, changed: 'README.md' },
      /no longer on the branch/,
      /was not applied/,
    ],
    [
      'it was begun, but is no longer on the branch',
      { ancestor: false, journal: [STEP] },
      /no longer on/,
      /were done before/,
    ],
    ['it was begun, and another run came between', { journal: [STEP], other: LATER }, /again/, /were done before/],
  ])('is refused where %s', async (_, given, message, hint) => {
    expect(await readAt(given)).toMatchObject({
      code: 'SUPERSEDED',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});
