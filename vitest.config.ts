import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { labNames } from './test/lab/pool/lab-names.ts';
import { labPool } from './test/lab/pool/lab-pool.ts';

/** What is waited for comes; when is not the question, as the machine may be busy. */
const PATIENT = { poll: { timeout: 10_000 } };
const labs = labNames();

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**'],
          // Files share their processes: most of a file’s time would go into loading the same modules again.
          isolate: false,
          maxWorkers: availableParallelism(),
          // No measure of anything: Redis, git and SSH servers of the tests' own take long on a busy machine.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: PATIENT,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          globalSetup: ['test/lab/pool/set-up.ts'],
          setupFiles: ['test/lab/pool/show-transcript.ts'],
          // A lab’s three hosts belong to one file at a time: as many files side by side as there are labs.
          pool: labPool(labs),
          maxWorkers: labs.length,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: PATIENT,
        },
      },
    ],
  },
});
