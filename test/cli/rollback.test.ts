import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRepository } from '../../lab/example-repository.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { appendRun, readHistory } from '../../src/adapters/store/run-log.ts';
import { rollback } from '../../src/cli/rollback.ts';
import { asRedisopsError, RedisopsError } from '../../src/domain/error.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import { readSettings } from '../../src/settings.ts';
import { record } from '../report/fixtures.ts';
import { realClock } from '../../src/time/real-clock.ts';

let home: string;
let repo: string;
const told: string[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'redisops-rollback-'));
  repo = join(home, 'checkout');
  await mkdir(repo);
  git('init', '--quiet');
  told.length = 0;
});

afterEach(() => rm(home, { recursive: true }));

function git(...words: readonly string[]): string {
  const own = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.net', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', repo, ...own, ...words], { encoding: 'utf8' }).trim();
}

/** The checkout with this maxmemory, and its commit. */
async function commit(maxmemory: string, rules = ''): Promise<string> {
  const files = exampleRepository({ password: 'x', replication: true, variables: [`redis_maxmemory: ${maxmemory}`] });
  await writeFiles(repo, { ...files, ...(rules === '' ? {} : { 'redisops.yml': rules }) });
  git('add', '--all');
  git('commit', '--quiet', '--message', maxmemory);
  return git('rev-parse', 'HEAD');
}

/** Runs of the command line, oldest first. */
async function ran(...runs: readonly Partial<RunRecord>[]): Promise<void> {
  for (const [at, run] of runs.entries())
    await appendRun(home, record({ requestedAt: `2025-11-23T12:0${at}:00Z`, ...run }));
}

/** No node answers: the plan is blocked, and shows its inputs. */
async function rolledBack(run: string | null = null) {
  const nodes = {
    connect: () => Promise.reject(new RedisopsError('SSH_UNREACHABLE', 'not there', { hint: 'start it' })),
    close: () => Promise.resolve(),
  };
  const context = {
    repo,
    cluster: undefined,
    settings: readSettings({ STATE_DIR: home }),
    source: checkout(repo),
    nodes,
    clock: { ...realClock, now: () => new Date('2025-11-23T13:00:00Z') },
    tell: (line: string) => void told.push(line),
    confirm: () => Promise.resolve('nobody' as const),
    stop: new AbortController().signal,
  };
  const asked = { verb: 'rollback', run, yes: true, giveUpKeys: 0, breakGlass: null } as const;
  const answer = await rollback(context, asked).catch(asRedisopsError);
  if (answer instanceof RedisopsError) return { code: answer.code, message: answer.message, newest: undefined };
  const [newest] = (await readHistory(home, 'redis', 1)).runs;
  return { code: null, message: '', newest };
}

describe('rollback on the command line', () => {
  it('plans the commit before the last one, and is in the history', async () => {
    const [first, second] = [await commit('100mb'), await commit('200mb')];
    await ran({ run: 'r-1', revision: first }, { run: 'r-2', revision: second });
    const { newest } = await rolledBack();
    expect(newest).toMatchObject({
      goal: { kind: 'rollback', revision: first },
      revision: first,
      origin: { from: 'cli' },
      status: 'refused',
    });
    expect(told).toEqual([expect.stringMatching(/^The bot’s runs cannot be seen from here/)]);
  });

  it('plans the commit before a run', async () => {
    const revisions = [await commit('100mb'), await commit('200mb'), await commit('300mb')];
    await ran(...revisions.map((revision, at) => ({ run: `r-${at + 1}`, revision })));
    expect((await rolledBack('r-2')).newest?.revision).toBe(revisions[0]);
  });

  it('follows the checked-out rules', async () => {
    const first = await commit('100mb', 'clusters: {shop: {group: redis}}\n');
    const second = await commit('200mb', 'clusters: {redis: {}}\n');
    await ran({ run: 'r-1', revision: first }, { run: 'r-2', revision: second });
    expect((await rolledBack()).newest).toMatchObject({ cluster: 'redis', revision: first });
  });

  it('goes back past a failed run', async () => {
    const [first, second] = [await commit('100mb'), await commit('200mb')];
    await ran({ run: 'r-1', revision: first }, { run: 'r-2', revision: second, status: 'failed' });
    expect((await rolledBack()).newest?.revision).toBe(first);
  });

  it.each<[what: string, runs: (commit: string) => readonly Partial<RunRecord>[], run: string | null, message: RegExp]>(
    [
      ['without a history', () => [], null, /No earlier commit of redis is known/],
      ['to before the first', (revision) => [{ run: 'r-1', revision }], null, /No earlier commit of redis is known/],
      ['of a run that is not known', (revision) => [{ run: 'r-1', revision }], 'r-9', /No run r-9/],
      [
        'to files that were in no commit',
        (revision) => [
          { run: 'r-1', revision: 'working tree' },
          { run: 'r-2', revision },
        ],
        null,
        /in no commit/,
      ],
      [
        'to a commit that is not in the history',
        (revision) => [
          { run: 'r-1', revision: 'f'.repeat(40) },
          { run: 'r-2', revision },
        ],
        null,
        /Commit ffffffffffff is not in the history/,
      ],
    ],
  )('refuses to go back %s', async (_, runs, run, message) => {
    await ran(...runs(await commit('100mb')));
    expect(await rolledBack(run)).toMatchObject({ code: 'ROLLBACK_NOWHERE', message: expect.stringMatching(message) });
  });
});
