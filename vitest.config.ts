import { defineConfig } from 'vitest/config';

/** What is waited for comes; when is not the question, as the machine may be busy. */
const PATIENT = { poll: { timeout: 10_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**'],
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
          // The lab's three hosts are shared: one file at a time, in one process.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: PATIENT,
        },
      },
    ],
  },
});
