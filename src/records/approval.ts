import { z } from 'zod';
import type { ApprovalRequest } from '../domain/run/run.ts';
import type { Deed, Participant } from '../domain/run/participants.ts';
import { exactly } from './exactly.ts';
import { plan } from './result.ts';
import { origin } from './run.ts';

const did = exactly<Deed>()(z.enum(['asked', 'set', 'merged', 'opened', 'committed', 'pushed']));

const participant = exactly<Participant>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('slack'), user: z.string(), did }),
    z.object({ kind: z.literal('github'), login: z.string(), did, forOthers: z.literal(true).optional() }),
    z.object({ kind: z.literal('unknown'), who: z.string(), did }),
  ]),
);

export const approvalRequest = exactly<ApprovalRequest>()(
  z.object({
    id: z.string(),
    run: z.string(),
    cluster: z.string(),
    plan,
    requester: origin,
    participants: z.array(participant).optional(),
    expiresAt: z.string(),
    breakGlass: z.string().optional(),
  }),
);
