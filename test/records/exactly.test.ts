import { expect, it } from 'vitest';
import { z } from 'zod';
import type { DriftKind } from '../../src/domain/drift/drift.ts';
import type { Goal } from '../../src/domain/goal.ts';
import type { RunRecord, RunStatus } from '../../src/domain/run/run.ts';
import { driftRecord } from '../../src/records/drift.ts';
import { exactly } from '../../src/records/exactly.ts';
import { goal, runRecord, runStatus } from '../../src/records/run.ts';

// What is tested here are types: each expected error that is none is an error itself.
it('lets no schema pass that reads something else than its type', () => {
  exactly<Goal>()(goal);
  // @ts-expect-error -- a goal that the schema does not know
  exactly<Goal | { kind: 'failover' }>()(goal);
  // @ts-expect-error -- a goal that the type does not know
  exactly<Exclude<Goal, { kind: 'purge' }>>()(goal);

  exactly<RunStatus>()(runStatus);
  // @ts-expect-error -- a new status
  exactly<RunStatus | 'paused'>()(runStatus);

  exactly<RunRecord>()(runRecord);
  // @ts-expect-error -- a new optional property
  exactly<RunRecord & { priority?: number | undefined }>()(runRecord);
  // @ts-expect-error -- a property that the type lost
  exactly<Omit<RunRecord, 'waited'>>()(runRecord);
  // @ts-expect-error -- an optional property that became required
  exactly<RunRecord & { base: string }>()(runRecord);
  // @ts-expect-error -- a new property deep within
  exactly<RunRecord & { stop?: { why?: string | undefined } | undefined }>()(runRecord);

  exactly<DriftKind>()(driftRecord.shape.look.shape.drifts.element.shape.kind);
  // @ts-expect-error -- a new kind of drift
  exactly<DriftKind | 'kernel'>()(driftRecord.shape.look.shape.drifts.element.shape.kind);
});

it('returns the schema unchanged', () => {
  const schema = z.object({ names: z.array(z.string()), note: z.string().optional() });
  expect(exactly<{ readonly names: readonly string[]; note?: string | undefined }>()(schema)).toBe(schema);
});
