import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/lab/**'] } },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          // The lab's three hosts are shared: one file at a time, in one process.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
