import { z } from 'zod';
import { CODES, type Code } from '../../domain/code.ts';
import type { Plan } from '../../domain/plan.ts';

/** What is kept of a run, as it is read back: from the store and from the history file. */
export const goal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('converge') }),
  z.object({ kind: z.literal('rollback'), revision: z.string() }),
  z.object({ kind: z.literal('resync'), node: z.string() }),
  z.object({ kind: z.literal('purge'), node: z.string().optional() }),
]);

export const origin = z
  .object({
    from: z.enum(['slack', 'github', 'cli', 'redisops']),
    actor: z.string(),
    pullRequest: z.number().int().optional(),
  })
  .transform(({ pullRequest, ...rest }) => (pullRequest === undefined ? rest : { ...rest, pullRequest }));

const code = z.custom<Code>((value) => typeof value === 'string' && Object.hasOwn(CODES, value), 'is not a code');

export const runStatus = z.enum([
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
]);

export const runRecord = z.object({
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
  decision: z.object({ by: z.string(), decision: z.enum(['approved', 'denied']), at: z.string() }).optional(),
  breakGlass: z.string().optional(),
  waits: z.object({ code, message: z.string(), since: z.string() }).nullish(),
  waited: z.number().int().optional(),
  stop: z.object({ by: z.string(), at: z.string() }).optional(),
});

export const journalEntry = z.object({
  at: z.string(),
  step: z.number(),
  node: z.string(),
  action: z.string(),
  state: z.enum(['began', 'ended', 'failed']),
});

// Of the plan only the frame: what runs is planned again, and must have the digest that stands here.
const planFrame = z.object({
  cluster: z.string(),
  revision: z.string(),
  digest: z.string(),
  waves: z.array(z.object({ actions: z.array(z.object({ kind: z.string(), node: z.string() })) })),
  blockers: z.array(z.object({ code: z.string() })),
  risks: z.array(z.object({ message: z.string() })),
});
export const plan = z.custom<Plan>((value) => planFrame.safeParse(value).success, 'is not a plan');
