import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendRun, readHistory } from '../../../src/adapters/store/run-log.ts';
import type { RunHistory } from '../../../src/domain/run/run-history.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';

let folder: string;
let stateDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-'));
  stateDir = join(folder, 'state');
});

afterEach(async () => rm(folder, { recursive: true, force: true }));

function record(run: string, cluster = 'redis'): RunRecord {
  return {
    run,
    cluster,
    goal: { kind: 'resync', node: 'redis-03' },
    revision: 'working tree',
    origin: { from: 'cli', actor: 'ops' },
    status: 'done',
    code: 'DONE',
    message: 'Done,\nand verified.',
    requestedAt: '2025-12-01T10:00:00.000Z',
    finishedAt: '2025-12-01T10:00:02.000Z',
    durationMs: 2000,
  };
}

const names = ({ runs }: RunHistory) => runs.map(({ run }) => run);

it('has no runs before there is a file', async () => {
  expect(await readHistory(stateDir, 'redis', 10)).toEqual({ runs: [], unreadable: [] });
});

it('returns a cluster’s entries, newest first', async () => {
  for (const [run, cluster] of [
    ['a', 'redis'],
    ['b', 'other'],
    ['c', 'redis'],
    ['d', 'redis'],
  ] as const)
    await appendRun(stateDir, record(run, cluster));
  expect(names(await readHistory(stateDir, 'redis', 2))).toEqual(['d', 'c']);
  expect(names(await readHistory(stateDir, null, 10))).toEqual(['d', 'c', 'b', 'a']);
  expect((await readHistory(stateDir, 'other', 1)).runs[0]).toEqual(record('b', 'other'));
});

it('is for its owner only', async () => {
  await appendRun(stateDir, record('a'));
  expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(stateDir, 'history.jsonl'))).mode & 0o777).toBe(0o600);
});

it('loses no line when many write at once', async () => {
  const runs = Array.from({ length: 50 }, (_, index) => `r${index}`);
  await Promise.all(runs.map((run) => appendRun(stateDir, record(run))));
  expect(new Set(names(await readHistory(stateDir, 'redis', 100)))).toEqual(new Set(runs));
});

it('reads past a torn line, and writes after one', async () => {
  await appendRun(stateDir, record('a'));
  await appendFile(join(stateDir, 'history.jsonl'), JSON.stringify(record('torn')).slice(0, 40));
  expect(names(await readHistory(stateDir, 'redis', 10))).toEqual(['a']);
  await appendRun(stateDir, record('b'));
  expect(names(await readHistory(stateDir, 'redis', 10))).toEqual(['b', 'a']);
});

it('skips entries that are not runs', async () => {
  await appendRun(stateDir, record('a'));
  const path = join(stateDir, 'history.jsonl');
  await writeFile(path, `[]\nnull\n{"run":1}\n\n${await readFile(path, 'utf8')}`);
  expect(names(await readHistory(stateDir, null, 10))).toEqual(['a']);
});

it('names the runs that another version wrote, in their place', async () => {
  for (const [run, cluster] of [
    ['a', 'redis'],
    ['b', 'redis'],
    ['c', 'other'],
  ] as const)
    await appendRun(stateDir, record(run, cluster));
  const path = join(stateDir, 'history.jsonl');
  const later = JSON.stringify({ ...record('later'), goal: { kind: 'of-tomorrow' } });
  await appendFile(path, `${later}\n`);
  expect(await readHistory(stateDir, 'redis', 2)).toEqual({ runs: [record('b')], unreadable: ['later'] });
  expect(await readHistory(stateDir, 'other', 2)).toEqual({ runs: [record('c', 'other')], unreadable: [] });
});
