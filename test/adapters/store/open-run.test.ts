import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunsIn } from '../../../src/adapters/store/open-run.ts';
import { newRun } from '../../../src/domain/run/new-run.ts';
import { planOf } from '../../apply/fake-nodes.ts';
import type { JournalEntry } from '../../../src/domain/run/journal.ts';

const asked = {
  run: 'r-1',
  cluster: 'redis',
  goal: { kind: 'converge' },
  origin: { from: 'cli', actor: 'anna' },
} as const;
const record = newRun({ ...asked, revision: 'working tree', status: 'running' }, new Date('2026-01-01T00:00:00Z'));
const run = { record, plan: planOf([]), contents: 'abc', journal: [] };
const entry = (step: number, state: JournalEntry['state']): JournalEntry => {
  return { at: 'now', step, node: 'redis-02', action: 'restart-unit', state };
};

describe('openRunsIn', () => {
  let folder: string;
  const file = () => join(folder, 'open-runs/redis.jsonl');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redisops-open-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('keeps a run from its first step to its end, for the next process', async () => {
    const runs = openRunsIn(folder);
    expect(await runs.find('redis')).toBeNull();
    await runs.record(run, entry(0, 'began'));
    await runs.record(run, entry(0, 'ended'));
    const found = await openRunsIn(folder).find('redis');
    expect(found).toEqual({ ...run, journal: [entry(0, 'began'), entry(0, 'ended')] });
    expect((await stat(file())).mode & 0o777).toBe(0o600);

    if (!found) throw new Error('no run');
    const next = openRunsIn(folder);
    await next.record(found, entry(1, 'began'));
    await next.record(found, entry(1, 'ended'));
    expect((await next.find('redis'))?.journal.map(({ step }) => step)).toEqual([0, 0, 1, 1]);
    await next.end('redis');
    await next.end('redis');
    expect(await next.find('redis')).toBeNull();
  });

  it('keeps all of what begins together', async () => {
    const runs = openRunsIn(folder);
    await Promise.all([0, 1, 2].map((step) => runs.record(run, entry(step, 'began'))));
    expect(new Set((await runs.find('redis'))?.journal.map(({ step }) => step))).toEqual(new Set([0, 1, 2]));
  });

  it('ignores a line torn by a crash', async () => {
    await openRunsIn(folder).record(run, entry(0, 'began'));
    await appendFile(file(), '{"at":"now","st');
    const found = await openRunsIn(folder).find('redis');
    expect(found?.journal).toEqual([entry(0, 'began')]);
    if (!found) throw new Error('no run');
    await openRunsIn(folder).record(found, entry(0, 'ended'));
    expect((await openRunsIn(folder).find('redis'))?.journal).toEqual([entry(0, 'began'), entry(0, 'ended')]);
  });

  it.each(['', '{}', 'not JSON\n'])('treats %j as no run', async (text) => {
    await openRunsIn(folder).record(run, entry(0, 'began'));
    await writeFile(file(), text);
    expect(await openRunsIn(folder).find('redis')).toBeNull();
    expect(await readFile(file(), 'utf8')).toBe(text);
  });
});
