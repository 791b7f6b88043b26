import { z } from 'zod';
import type { ApprovalRequest } from '../domain/run/run.ts';
import { exactly } from './exactly.ts';
import { plan } from './result.ts';
import { origin } from './run.ts';

export const approvalRequest = exactly<ApprovalRequest>()(
  z.object({
    id: z.string(),
    run: z.string(),
    cluster: z.string(),
    plan,
    requester: origin,
    expiresAt: z.string(),
    breakGlass: z.string().optional(),
  }),
);
