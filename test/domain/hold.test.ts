import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEARTBEAT_MS, HOLD_SCRIPT, LATE_HEARTBEAT_MS, SILENCE_LIMIT_MS, holdAnswer } from '../../src/domain/hold.ts';

describe('the limits', () => {
  it('allow one missed heartbeat before the writer gives up', () => {
    expect(LATE_HEARTBEAT_MS).toBeGreaterThan(2 * HEARTBEAT_MS);
    expect(LATE_HEARTBEAT_MS).toBeLessThan(3 * HEARTBEAT_MS);
  });

  it('leave the writer seconds to stop before the node lets go', () => {
    expect(SILENCE_LIMIT_MS - LATE_HEARTBEAT_MS).toBeGreaterThanOrEqual(5000);
    expect(HOLD_SCRIPT.text).toContain(`read -r -t ${SILENCE_LIMIT_MS / 1000} `);
  });
});

it.each([
  ['held', { held: true }],
  ['busy run-1 by mira', { held: false, by: 'run-1 by mira' }],
  ['busy ', { held: false, by: '' }],
  ['busy', { held: false, by: '' }],
  ['held back', null],
  ['bash: flock: command not found', null],
])('understands the answer %j', (line, answer) => {
  expect(holdAnswer(line)).toEqual(answer);
});

describe('the script', () => {
  let folder: string;
  let file: string;
  const started: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redisops-hold-'));
    file = join(folder, 'lock');
  });

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** The lock in the test’s folder, with a second in place of thirty. */
  async function hold(holder: string): Promise<{ child: ChildProcess; answer: ReturnType<typeof holdAnswer> }> {
    const text = HOLD_SCRIPT.text.replaceAll('/run/redisops.lock', file).replace('-t 30 ', '-t 1 ');
    const child = spawn('/bin/bash', ['-c', text, 'redisops', holder], { stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, answer: holdAnswer(line) };
  }

  it('keeps a second writer out, naming the first, until its input ends', async () => {
    const { child, answer } = await hold('run-1 by mira');
    expect(answer).toEqual({ held: true });
    expect((await hold('run-2')).answer).toEqual({ held: false, by: 'run-1 by mira' });
    child.stdin?.end();
    await once(child, 'exit');
    expect(readFileSync(file, 'utf8')).toBe('');
    expect((await hold('run-2')).answer).toEqual({ held: true });
  });

  it('is released without a heartbeat', async () => {
    const { child } = await hold('run-1');
    await once(child, 'exit');
    expect((await hold('run-2')).answer).toEqual({ held: true });
  });

  it('lets go when it is killed', async () => {
    const { child } = await hold('run-1');
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The old text is still there, and means nothing.
    expect(execFileSync('cat', [file], { encoding: 'utf8' })).toBe('run-1\n');
    expect((await hold('run-2')).answer).toEqual({ held: true });
  });
});
