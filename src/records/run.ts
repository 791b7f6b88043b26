import { z } from 'zod';
import type { Goal } from '../domain/goal.ts';
import type { Decision, Origin, RunRecord, RunStatus, Stop } from '../domain/run/run.ts';
import { code } from './code.ts';
import { exactly } from './exactly.ts';

export const goal = exactly<Goal>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('converge') }),
    z.object({ kind: z.literal('rollback'), revision: z.string() }),
    z.object({ kind: z.literal('resync'), node: z.string() }),
    z.object({ kind: z.literal('purge'), node: z.string().optional() }),
    z.object({
      kind: z.literal('failover'),
      mode: z.enum(['planned', 'lost-master', 'accept-history']),
      node: z.string().optional(),
    }),
    z.object({ kind: z.literal('pause'), until: z.string(), reason: z.string(), by: z.string() }),
    z.object({ kind: z.literal('resume') }),
    z.object({ kind: z.literal('drain'), node: z.string(), at: z.string(), by: z.string() }),
    z.object({ kind: z.literal('undrain'), node: z.string() }),
    z.object({ kind: z.literal('drill'), scenario: z.literal('planned') }),
  ]),
);

export const origin = exactly<Origin>()(
  z.object({
    from: z.enum(['slack', 'github', 'cli', 'redisops']),
    actor: z.string(),
    name: z.string().optional(),
    pullRequest: z.number().int().optional(),
  }),
);

export const runStatus = exactly<RunStatus>()(
  z.enum([
    'queued',
    'planning',
    'awaiting-approval',
    'running',
    'done',
    'nothing-to-do',
    'refused',
    'failed',
    'denied',
    'expired',
  ]),
);

const decision = exactly<Decision>()(
  z.object({ by: z.string(), decision: z.enum(['approved', 'denied']), at: z.string() }),
);

const stop = exactly<Stop>()(z.object({ by: z.string(), at: z.string() }));

export const runRecord = exactly<RunRecord>()(
  z.object({
    run: z.string(),
    cluster: z.string(),
    goal,
    revision: z.string(),
    origin,
    status: runStatus,
    code: code.nullable(),
    message: z.string().nullable(),
    requestedAt: z.string(),
    finishedAt: z.string().nullable(),
    durationMs: z.number().nullable(),
    base: z.string().optional(),
    attempt: z.number().int().optional(),
    decision: decision.optional(),
    decidedBy: z.string().optional(),
    breakGlass: z.string().optional(),
    waits: z.object({ code, message: z.string(), since: z.string(), until: z.string().optional() }).nullish(),
    waited: z.number().int().optional(),
    retries: z.number().int().optional(),
    stop: stop.optional(),
  }),
);
