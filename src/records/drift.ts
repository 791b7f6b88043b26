import { z } from 'zod';
import type { DriftRecord } from '../domain/drift/drift-record.ts';
import type { DriftKind, DriftLook } from '../domain/drift/drift.ts';
import { code } from './code.ts';
import { exactly } from './exactly.ts';
import { messageReference } from './message.ts';

const driftKind = exactly<DriftKind>()(
  z.enum(['package', 'process', 'directory', 'file', 'drop-in', 'unit', 'running', 'role']),
);

const look = exactly<DriftLook>()(
  z.object({
    cluster: z.string(),
    revision: z.string(),
    drifts: z.array(
      z.object({
        node: z.string(),
        kind: driftKind,
        subject: z.string(),
        git: z.string(),
        actual: z.string(),
        byApply: z.boolean(),
      }),
    ),
    unread: z.array(z.object({ node: z.string(), code, reason: z.string() })),
    obstacles: z.array(z.string()),
    readiness: z
      .array(z.object({ code, nodes: z.array(z.string()), message: z.string(), cure: z.string() }))
      .exactOptional(),
  }),
);

export const driftRecord = exactly<DriftRecord>()(
  z.object({
    cluster: z.string(),
    look,
    fingerprint: z.string(),
    since: z.string(),
    lookedAt: z.string(),
    goneAt: z.string().nullable(),
    known: z.array(z.string()),
    ignored: z.object({ until: z.string(), by: z.string() }).nullable(),
    applying: z.object({ run: z.string(), by: z.string().nullable() }).nullable(),
    appliedAt: z.string().nullable(),
    afterRun: z.string().nullable(),
    pullRequest: z.object({ number: z.number(), url: z.string() }).nullable(),
    message: messageReference.nullable(),
    shown: z.string().nullable(),
  }),
);
