import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendRun } from '../../src/adapters/store/run-log.ts';
import { main } from '../../src/cli.ts';
import { record, result } from '../report/fixtures.ts';
import { terminalOutput } from '../terminal-output.ts';

const output = terminalOutput();
const FIRST = record({ run: 'run-1', requestedAt: '2025-12-03T14:00:00.000Z' });
const SECOND = record({ run: 'run-2', cluster: 'other', status: 'failed', code: 'STEP_FAILED' });
const RESULT = result({ run: 'run-1' });
let state = '';

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'redisops-history-'));
  await appendRun(state, FIRST, RESULT);
  await appendRun(state, SECOND);
});

afterEach(() => rm(state, { recursive: true }));

function run(...argv: readonly string[]): Promise<number> {
  return main(argv, { STATE_DIR: state });
}

describe('past runs on the command line', () => {
  it.each([
    [['runs'], [SECOND, FIRST]],
    [['runs', '--cluster', 'redis'], [FIRST]],
    [['runs', '--cluster', 'nowhere'], []],
  ])('are listed by %j', async (argv, runs) => {
    expect(await run(...argv, '--json')).toBe(0);
    expect(JSON.parse(output.stdout)).toEqual({ runs, unreadable: [] });
  });

  it.each([
    [FIRST, RESULT],
    [SECOND, null],
  ])('are shown whole by run show: %#', async (kept, end) => {
    expect(await run('run', 'show', kept.run, '--json')).toBe(0);
    expect(JSON.parse(output.stdout)).toEqual({ ...kept, result: end, journal: [] });
  });

  it('are shown as text', async () => {
    expect(await run('run', 'show', 'run-1')).toBe(0);
    expect(output.stdout).toContain('redis: converge to Git – done');
    expect(output.stdout).toContain('2025-12-03 14:00 UTC by ada (github, pull request #12)');
  });

  it.each([
    [['run'], 'USAGE'],
    [['run', 'show'], 'USAGE'],
    [['run', 'show', 'run-1', 'run-2'], 'USAGE'],
    [['run', 'show', 'run-3'], 'RUN_UNKNOWN'],
  ])('answer %j with status 64', async (argv, code) => {
    expect(await run(...argv, '--json')).toBe(64);
    expect(JSON.parse(output.stdout)).toMatchObject({ error: { code } });
  });
});
