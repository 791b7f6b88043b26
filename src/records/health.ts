import { z } from 'zod';
import type { HealthLook, HealthRecord } from '../domain/health/health-record.ts';
import { VERDICTS } from '../domain/verdict.ts';
import { acknowledgement } from './acknowledgement.ts';
import { code } from './code.ts';
import { exactly } from './exactly.ts';
import { messageReference } from './message.ts';

const look = exactly<HealthLook>()(
  z.object({
    cluster: z.string(),
    revision: z.string(),
    verdict: z.enum(VERDICTS),
    reasons: z.array(
      z.object({ code, node: z.string().nullable(), message: z.string(), hint: z.string().exactOptional() }),
    ),
    readiness: z.array(z.object({ code, nodes: z.array(z.string()), message: z.string(), cure: z.string() })),
  }),
);

export const healthRecord = exactly<HealthRecord>()(
  z.object({
    cluster: z.string(),
    look,
    state: z.enum(['well', 'suspected', 'ill', 'recovering']),
    since: z.string(),
    lookedAt: z.string(),
    known: z.array(z.string()),
    relapses: z.number().int(),
    acknowledged: acknowledgement.nullable(),
    message: messageReference.nullable(),
    shown: z.string().nullable(),
  }),
);
