import { z } from 'zod';
import type { Plan } from '../domain/plan.ts';
import type { Backup } from '../domain/redis/backup.ts';
import type { DrillFigures, FailoverFigures } from '../domain/run/failover-figures.ts';
import type { NodeRecap, PutBack, RunResult } from '../domain/run/run.ts';
import type { Verification } from '../domain/verification.ts';
import { code } from './code.ts';
import { exactly } from './exactly.ts';
import { goal } from './run.ts';

// The outline is enough: the plan is made anew at execution, and must have this digest.
const planFrame = z.object({
  cluster: z.string(),
  revision: z.string(),
  digest: z.string(),
  waves: z.array(z.object({ actions: z.array(z.object({ kind: z.string(), node: z.string() })) })),
  blockers: z.array(z.object({ code: z.string() })),
  risks: z.array(z.object({ message: z.string() })),
});
export const plan = z.custom<Plan>((value) => planFrame.safeParse(value).success, 'is not a plan');

const nodeRecap = exactly<NodeRecap>()(
  z.object({
    name: z.string(),
    ok: z.number(),
    changed: z.number(),
    failed: z.number(),
    skipped: z.number(),
  }),
);

const verification = exactly<Verification>()(
  z.object({
    verdict: z.enum(['healthy', 'degraded', 'down', 'unknown']),
    reasons: z.array(
      z.object({ code, node: z.string().nullable(), message: z.string(), hint: z.string().exactOptional() }),
    ),
    master: z.string().nullable(),
    key: z.string().nullable(),
    acknowledged: z.number(),
    expected: z.number(),
    replicas: z.array(
      z.object({
        name: z.string(),
        value: z.string().nullable(),
        matches: z.boolean(),
        latencyMs: z.number().nullable(),
        offsetLag: z.number().nullable(),
        refusedWrite: z.boolean().nullable(),
      }),
    ),
    entry: z
      .array(
        z.object({
          address: z.string(),
          nodes: z.array(z.string()),
          connections: z.number(),
          writes: z.number(),
          latencyMs: z.number().nullable(),
        }),
      )
      .exactOptional(),
  }),
);

const backup = exactly<Backup>()(
  z.object({
    path: z.string(),
    cluster: z.string(),
    node: z.string(),
    run: z.string(),
    at: z.string(),
    keys: z.number(),
    bytes: z.number(),
    sha256: z.string(),
    written: z.object({ runId: z.string(), changes: z.number(), lastSave: z.number() }),
  }),
);

const failover = exactly<FailoverFigures>()(
  z.object({
    from: z.string().nullable(),
    to: z.string().nullable(),
    writesHeldBackMs: z.number().nullable(),
    writes: z
      .object({
        acknowledged: z.number(),
        lost: z.number(),
        longestGapMs: z.number().optional(),
        readOnly: z.number().optional(),
      })
      .nullable(),
  }),
);

const nodeFigures = z.object({ role: z.enum(['master', 'replica']), keys: z.number(), offset: z.number() });

const drill = exactly<DrillFigures>()(
  z.object({
    syncs: z.object({ full: z.number(), partial: z.number() }),
    nodes: z.array(z.object({ name: z.string(), before: nodeFigures, after: nodeFigures })),
  }),
);

const putBack = exactly<PutBack>()(z.object({ nodes: z.array(z.string()), failure: z.string().nullable() }));

export const runResult = exactly<RunResult>()(
  z.object({
    run: z.string(),
    cluster: z.string(),
    goal,
    revision: z.string(),
    outcome: z.enum(['done', 'nothing-to-do', 'refused', 'failed']),
    code,
    message: z.string(),
    hint: z.string().nullable(),
    plan: plan.nullable(),
    nodes: z.array(nodeRecap),
    verification: verification.nullable(),
    durationMs: z.number(),
    backups: z.array(backup).optional(),
    breakGlass: z.object({ reason: z.string(), by: z.string() }).optional(),
    outageMs: z.object({ following: z.number().nullable(), fixed: z.number().nullable() }).nullish(),
    failover: failover.optional(),
    drill: drill.optional(),
    putBack: putBack.optional(),
  }),
);
