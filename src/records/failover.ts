import { z } from 'zod';
import {
  ABORT_EVENTS,
  type Abort,
  type FailoverCause,
  type FailoverRecord,
  type WatchedMaster,
} from '../domain/failover/failover-record.ts';
import { acknowledgement } from './acknowledgement.ts';
import { exactly } from './exactly.ts';
import { messageReference } from './message.ts';

export const watchedMaster = exactly<WatchedMaster>()(
  z.object({ host: z.string(), port: z.number(), epoch: z.number(), last: z.string().nullable() }),
);

const abort = exactly<Abort>()(z.literal(ABORT_EVENTS));

const cause = exactly<FailoverCause>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('down'), quorum: z.string().nullable() }),
    z.object({ kind: z.literal('asked') }),
    z.object({ kind: z.literal('run'), run: z.string() }),
    z.object({ kind: z.literal('unknown') }),
  ]),
);

export const failoverRecord = exactly<FailoverRecord>()(
  z.object({
    failover: z.string(),
    cluster: z.string(),
    at: z.string(),
    from: z.string(),
    to: z.string().nullable(),
    epoch: z.number(),
    cause,
    votes: z.array(z.object({ by: z.string(), leader: z.string() })),
    sentinels: z.number(),
    givenUp: z.object({ event: abort, tries: z.number(), nextTryAt: z.string().nullable() }).nullable(),
    noWritesMs: z.number().nullable(),
    lackedBytes: z.number().nullable(),
    old: z.object({
      state: z.enum(['away', 'master', 'following', 'in-sync', 'elsewhere']),
      backAt: z.string().nullable(),
      masterMs: z.number(),
      sync: z.enum(['full', 'partial']).nullable(),
    }),
    clients: z.array(z.string()),
    after: z.object({ failover: z.string(), minutes: z.number() }).nullable(),
    closedAt: z.string().nullable(),
    acknowledged: acknowledgement.nullable(),
    pullRequest: z.object({ number: z.number(), url: z.string() }).nullable(),
    wayBack: z.string().nullable(),
    message: messageReference.nullable(),
    shown: z.string().nullable(),
  }),
);
