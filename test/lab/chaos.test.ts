import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../lab/run-program.ts';

const ROUNDS = 4;

it(
  'loses no acknowledged write and leaves nothing half done, whatever happens on the way',
  { timeout: 240_000 },
  async () => {
    const program = join(import.meta.dirname, '../../dist/lab/chaos/chaos.js');
    const argv = [process.execPath, program, '--rounds', String(ROUNDS), '--seed', '25'];
    const { code, stdout, stderr } = await runProgram(argv, { timeoutMs: 220_000 });
    expect([stdout, stderr, code]).toEqual([expect.stringContaining(`round ${ROUNDS}: `), '', 0]);
    expect(stdout).toMatch(/✔ acknowledged writes lost: 0 of \d{3,};/);
    expect(stdout).toMatch(/✔ wrong answers: 0 of \d{3,};/);
    expect(stdout).toContain('✔ merges without one run that is over: none');
  },
);
