import { z } from 'zod';

/** Of one work on one generated repository. */
export const figures = z.object({
  ms: z.number(),
  /** Resident, at most: the process with its modules, and all that was read. */
  memoryMiB: z.number(),
  /** The longest time in which nothing else had its turn. */
  stillMs: z.number(),
});

export type Figures = z.output<typeof figures>;
