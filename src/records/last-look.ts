import { z } from 'zod';
import type { LastLook } from '../domain/health/last-look.ts';
import { exactly } from './exactly.ts';

export const lastLook = exactly<LastLook>()(
  z.object({
    nodes: z.record(
      z.string(),
      z.object({
        runId: z.string(),
        role: z.enum(['master', 'replica']),
        replicationId: z.string(),
        offset: z.number(),
        keys: z.number(),
        at: z.string(),
      }),
    ),
    incidents: z.array(
      z.object({
        code: z.enum(['DATA_LOST', 'REDIS_RESTARTED']),
        node: z.string(),
        message: z.string(),
        at: z.string(),
      }),
    ),
    drained: z
      .record(
        z.string(),
        z.object({ at: z.string(), by: z.string(), line: z.string().nullable(), running: z.string().nullable() }),
      )
      .exactOptional(),
  }),
);
