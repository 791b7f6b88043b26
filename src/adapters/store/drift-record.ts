import { z } from 'zod';
import { CODES, type Code } from '../../domain/code.ts';
import type { DriftRecord } from '../../domain/drift/drift-record.ts';

const code = z.custom<Code>((value) => typeof value === 'string' && Object.hasOwn(CODES, value), 'is not a code');

const look = z.object({
  cluster: z.string(),
  revision: z.string(),
  drifts: z.array(
    z.object({
      node: z.string(),
      kind: z.enum(['package', 'process', 'directory', 'file', 'drop-in', 'unit', 'running', 'role']),
      subject: z.string(),
      git: z.string(),
      actual: z.string(),
      byApply: z.boolean(),
    }),
  ),
  unread: z.array(z.object({ node: z.string(), code, reason: z.string() })),
  obstacles: z.array(z.string()),
});

/** What is kept of a drift, as it is read back. */
export const driftRecord = z.object({
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
  message: z.object({ channel: z.string(), timestamp: z.string() }).nullable(),
  shown: z.string().nullable(),
}) satisfies z.ZodType<DriftRecord>;
