import { afterAll, beforeEach, type RunnerTask } from 'vitest';
import { beginTranscript, endTranscript } from './transcript.ts';

// A setup file: Vitest runs it before each test file.

beforeEach(({ onTestFinished }) => {
  beginTranscript();
  onTestFinished(({ task }) => show(task));
});

// Where a `beforeAll` fails, no test begins.
// oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameters in the source: the first must be a pattern.
afterAll(({}, file) => show(file));

function show(task: RunnerTask): void {
  const transcript = endTranscript();
  if (transcript === '' || !hasFailed(task)) return;
  process.stderr.write(`\n──── what was printed in “${task.name}” ────\n${transcript}\n────\n`);
}

function hasFailed(task: RunnerTask): boolean {
  return task.result?.state === 'fail' || ('tasks' in task && task.tasks.some(hasFailed));
}
