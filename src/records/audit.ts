import { z } from 'zod';
import type { AuditEntry } from '../domain/run/run.ts';
import { exactly } from './exactly.ts';
import { origin } from './run.ts';

export const auditEntry = exactly<AuditEntry>()(
  z.object({
    at: z.string(),
    origin,
    cluster: z.string(),
    what: z.string(),
    outcome: z.string(),
    run: z.string().nullable(),
  }),
);
