import { z } from 'zod';

/** One work on one generated repository. */
export const figures = z.object({
  ms: z.number(),
  /** Peak resident memory: the process with its modules, and everything read. */
  memoryMiB: z.number(),
  /** The longest time without a turn of the event loop. */
  stillMs: z.number(),
});

export type Figures = z.output<typeof figures>;
