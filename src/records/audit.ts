import { z } from 'zod';
import type { AuditHead, ChainedEntry } from '../domain/audit/chain.ts';
import type { AuditEntry } from '../domain/run/run.ts';
import { exactly } from './exactly.ts';
import { origin } from './run.ts';

const fields = {
  at: z.string(),
  origin,
  cluster: z.string(),
  what: z.string(),
  outcome: z.string(),
  run: z.string().nullable(),
  plan: z.string().optional(),
};

export const auditEntry = exactly<AuditEntry>()(z.object(fields));

export const auditHead = exactly<AuditHead>()(z.object({ number: z.number().int().min(1), hash: z.string() }));

export const chainedEntry = exactly<ChainedEntry>()(
  z.object({
    ...fields,
    number: z.number().int().min(1),
    host: z.string(),
    previous: z.string().nullable(),
    hash: z.string(),
  }),
);
