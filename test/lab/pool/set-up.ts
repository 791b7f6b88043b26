import { resolve } from 'node:path';
import { runOrFail } from '../../../lab/run-program.ts';
import { labNames } from './lab-names.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const LAB_SCRIPT = resolve(ROOT, 'lab/bin/lab.sh');
/** The first lab of a machine builds the base that all hosts stand on. */
const UP_MS = 600_000;

/** Once before all test files: the program as its source is now, and the labs. */
export async function setup(): Promise<void> {
  const ups = labNames().map((lab) =>
    runOrFail(['bash', LAB_SCRIPT, 'up'], { environment: { ...process.env, LAB: lab }, timeoutMs: UP_MS }),
  );
  await Promise.all([runOrFail(['npm', 'run', '--silent', '--prefix', ROOT, 'build'], { timeoutMs: 120_000 }), ...ups]);
}
