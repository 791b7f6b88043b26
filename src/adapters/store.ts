import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { RedisopsError } from '../domain/error.ts';
import type { Lock } from '../domain/lock.ts';
import type { DriftRecord } from '../domain/drift-record.ts';
import type { Decision, RunRecord, RunResult, RunStatus } from '../domain/run.ts';
import type { AskedStop, JournalEntry, Log, SpentApproval, Store } from '../ports.ts';
import { driftRecord } from './drift-record.ts';
import { answerOf } from './queue-connection.ts';
import { goal, journalEntry, origin, plan, runRecord } from './run-record.ts';
import {
  CLAIM_CLUSTER,
  CREATE_RUN,
  END_DRIFT_TURN,
  EXPIRE_APPROVAL,
  FINISH_RUN,
  LOCK,
  OPEN_APPROVAL,
  SETTLE_COMMIT,
  SPEND_APPROVAL,
  STOP_RUN,
  TAKE_DRIFT_TURN,
  TAKE_UNTOLD,
  TOLD,
  UNLOCK,
  UPDATE_RUN,
} from './store-scripts.ts';

/** Runs that are kept of each cluster; older ones go with their journals. */
const KEPT_RUNS = 10_000;
const KEPT_AUDIT_ENTRIES = 100_000;
/** Who ends a run tells of it within this time, or has died. */
const TELL_WITHIN_MS = 120_000;
/** Looking at a cluster whose nodes hang takes its time limits; a worker that takes longer has died. */
const DRIFT_TURN_MS = 300_000;
const KEPT_APPROVAL_SECONDS = 90 * 24 * 3600;

const key = {
  run: (run: string) => `redisops:run:${run}`,
  runs: (cluster: string) => `redisops:runs:${cluster}`,
  untold: (cluster: string) => `redisops:untold:${cluster}`,
  thread: (run: string) => `redisops:thread:${run}`,
  journal: (run: string) => `redisops:journal:${run}`,
  approval: (id: string) => `redisops:approval:${id}`,
  drift: (cluster: string) => `redisops:drift:${cluster}`,
  lock: (cluster: string) => `redisops:lock:${cluster}`,
  driftTurn: (cluster: string) => `redisops:drift-turn:${cluster}`,
  branch: (branch: string) => `redisops:branch:${branch}`,
  owners: 'redisops:owners',
  audit: 'redisops:audit',
};

const thread = z.object({ channel: z.string(), timestamp: z.string() });
const auditEntry = z.object({
  at: z.string(),
  origin,
  cluster: z.string(),
  what: z.string(),
  outcome: z.string(),
  run: z.string().nullable(),
});
const resultFrame = z.object({
  run: z.string(),
  cluster: z.string(),
  goal,
  outcome: z.enum(['done', 'nothing-to-do', 'refused', 'failed']),
  code: z.string(),
  message: z.string(),
  plan: plan.nullable(),
  nodes: z.array(z.object({ name: z.string() })),
});
const runResult = z.custom<RunResult>((value) => resultFrame.safeParse(value).success, 'is not a result');
const approvalRequest = z.object({
  id: z.string(),
  run: z.string(),
  cluster: z.string(),
  plan,
  requester: origin,
  expiresAt: z.string(),
  breakGlass: z.string().optional(),
});
const decision = z.object({
  by: z.string(),
  decision: z.enum(['approved', 'denied', 'expired']),
  decidedAt: z.coerce.number().transform((at) => new Date(at).toISOString()),
});
const spent = z.enum([
  'spent',
  'already-spent',
  'expired',
  'stale',
  'stopped',
  'ended',
  'unknown',
]) satisfies z.ZodType<SpentApproval>;
const instant = z.coerce.number().transform((at) => new Date(at).toISOString());
const lock = z.object({
  by: origin,
  reason: z.string(),
  at: instant,
  until: z
    .literal('')
    .transform(() => null)
    .or(instant),
});
const askedStop = z.enum(['asked', 'asked-before', 'ended', 'unknown']) satisfies z.ZodType<AskedStop>;

/**
 * Runs, approvals, journal and audit in the queue’s Redis. Every change is one atomic command or script, and may be sent
 * twice: the client sends again what a broken connection left unanswered. All methods fail with QUEUE_FAILED.
 */
export function redisStore(
  redis: Redis,
  log: Log,
  { keptRuns = KEPT_RUNS, tellWithinMs = TELL_WITHIN_MS } = {},
): Store {
  const script = async (text: string, keys: readonly string[], parameters: readonly (string | number)[]) =>
    answerOf(redis.eval(text, keys.length, ...keys, ...parameters));
  const readRun = async (run: string): Promise<RunRecord | null> =>
    parseRun(await answerOf(redis.hgetall(key.run(run))));
  const updateRun = async (run: string, change: Partial<RunRecord>): Promise<void> => {
    const found = await script(UPDATE_RUN, [key.run(run)], fieldsOf(change));
    if (found !== 1) log.warn({ run }, 'a run that is not kept, or that has ended, was to be changed');
  };
  const serverTime = async (): Promise<string> => {
    const [seconds = 0] = (await answerOf(redis.time())).map(Number);
    return new Date(seconds * 1000).toISOString();
  };

  return {
    async createRun(run) {
      const keys = [key.run(run.run), key.runs(run.cluster)];
      const prefixes = [key.run(''), key.thread(''), key.journal('')];
      const time = Date.parse(run.requestedAt);
      const created = await script(CREATE_RUN, keys, [run.run, nonce(), time, keptRuns, ...prefixes, ...fieldsOf(run)]);
      return created === 1;
    },
    updateRun,
    async stopRun(run, stop) {
      return askedStop.parse(await script(STOP_RUN, [key.run(run)], [JSON.stringify(stop)]));
    },
    run: readRun,
    async runs(cluster, limit) {
      const names = await answerOf(redis.zrevrange(key.runs(cluster), 0, limit - 1));
      const records = await Promise.all(names.map(readRun));
      return records.filter((record) => record !== null);
    },
    async finishRun(result) {
      const { run, cluster, code, message, revision, durationMs } = result;
      const finishedAt = await serverTime();
      const fields = fieldsOf({ status: statusOf(result), code, message, revision, durationMs, finishedAt });
      const parameters = [run, nonce(), JSON.stringify(result), tellWithinMs, ...fields];
      return (await script(FINISH_RUN, [key.run(run), key.untold(cluster)], parameters)) === 1;
    },
    async told({ run, cluster }) {
      await script(TOLD, [key.run(run), key.untold(cluster)], [run]);
    },
    async untold(cluster) {
      const results = z
        .array(z.string())
        .parse(await script(TAKE_UNTOLD, [key.untold(cluster)], [tellWithinMs, key.run('')]));
      return results.map((text) => readJson(runResult, text, `result of ${cluster}`));
    },

    async rememberThread(run, message) {
      await answerOf(redis.hset(key.thread(run), { ...message }));
    },
    async threadOf(run) {
      const fields = await answerOf(redis.hgetall(key.thread(run)));
      return isEmpty(fields) ? null : thread.parse(fields);
    },

    async openApproval(request) {
      const { id, expiresAt, plan: shown } = request;
      const parameters = [JSON.stringify(request), Date.parse(expiresAt), KEPT_APPROVAL_SECONDS, shown.digest];
      return (await script(OPEN_APPROVAL, [key.approval(id)], parameters)) === 1;
    },
    async approval(id) {
      const request = await answerOf(redis.hget(key.approval(id), 'request'));
      return request === null ? null : readJson(approvalRequest, request, `approval ${id}`);
    },
    async spendApproval({ approval, digest, by, decision: decided }) {
      // An approval has its run’s name.
      const keys = [key.approval(approval), key.run(approval)];
      const kept = JSON.stringify({ by, decision: decided, at: await serverTime() } satisfies Decision);
      return spent.parse(await script(SPEND_APPROVAL, keys, [by, decided, nonce(), digest, kept]));
    },
    async expireApproval(id) {
      return (await script(EXPIRE_APPROVAL, [key.approval(id)], [])) === 1;
    },
    async decisionOn(id) {
      const fields = await answerOf(redis.hgetall(key.approval(id)));
      if (fields['decision'] === undefined) return null;
      const { decidedAt, decision: taken, by } = decision.parse(fields);
      return taken === 'expired' ? null : { by, decision: taken, at: decidedAt };
    },

    async recordStep(run, entry) {
      await answerOf(redis.rpush(key.journal(run), JSON.stringify(entry)));
    },
    async journal(run): Promise<readonly JournalEntry[]> {
      const lines = await answerOf(redis.lrange(key.journal(run), 0, -1));
      return lines.map((line) => readJson(journalEntry, line, `journal of ${run}`));
    },

    async drift(cluster) {
      const fields = await answerOf(redis.hgetall(key.drift(cluster)));
      if (isEmpty(fields)) return null;
      const values = Object.entries(fields).map(([field, value]) => [field, json(value)]);
      return parsed(driftRecord, Object.fromEntries(values), `drift of ${cluster}`);
    },
    async changeDrift(cluster, change: Partial<DriftRecord>) {
      const fields = fieldsOf(change);
      if (fields.length > 0) await answerOf(redis.hset(key.drift(cluster), fields));
    },
    async takeDriftTurn(cluster, soon) {
      const token = nonce();
      const parameters = [token, DRIFT_TURN_MS, soon ? 'soon' : 'due'];
      const turn = await script(TAKE_DRIFT_TURN, [key.driftTurn(cluster)], parameters);
      return turn === 'no' ? null : { token, first: turn === 'first' };
    },
    async endDriftTurn(cluster, { token }, nextInMs) {
      await script(END_DRIFT_TURN, [key.driftTurn(cluster)], [token, nextInMs]);
    },

    async lock(cluster, { by, reason, forMs }) {
      const parameters = [JSON.stringify(by), reason, forMs ?? 0];
      const locked = await script(LOCK, [key.lock(cluster)], parameters);
      return locked === 1;
    },
    async lockOn(cluster) {
      return parseLock(await answerOf(redis.hgetall(key.lock(cluster))), cluster);
    },
    async unlock(cluster) {
      const fields = z.array(z.string()).parse(await script(UNLOCK, [key.lock(cluster)], []));
      const was: Record<string, string> = {};
      for (let at = 0; at < fields.length; at += 2) was[fields[at] ?? ''] = fields[at + 1] ?? '';
      return parseLock(was, cluster);
    },

    async settledCommit(branch) {
      return answerOf(redis.get(key.branch(branch)));
    },
    async settleCommit(branch, from, to) {
      return (await script(SETTLE_COMMIT, [key.branch(branch)], [from ?? '', to])) === 1;
    },

    async clusterOwners() {
      return new Map(Object.entries(await answerOf(redis.hgetall(key.owners))));
    },
    async claimCluster(cluster, repository, from) {
      return z.string().parse(await script(CLAIM_CLUSTER, [key.owners], [cluster, repository, from ?? '']));
    },

    async audit(entry) {
      await answerOf(
        redis.xadd(key.audit, 'MAXLEN', '~', KEPT_AUDIT_ENTRIES, '*', 'entry', JSON.stringify(auditEntry.parse(entry))),
      );
    },
    async auditTrail(limit) {
      const entries = await answerOf(redis.xrevrange(key.audit, '+', '-', 'COUNT', limit));
      return entries.map(([, fields]) => readJson(auditEntry, fields[1] ?? '', 'audit'));
    },
  };
}

function parseLock(fields: Record<string, string>, cluster: string): Lock | null {
  if (isEmpty(fields)) return null;
  const { by = '', ...rest } = fields;
  return parsed(lock, { by: json(by), ...rest }, `lock of ${cluster}`);
}

/** A record is a hash with a field a property, each as JSON: so two changes at once do not undo each other. */
function fieldsOf(change: Partial<RunRecord> | Partial<DriftRecord>): string[] {
  return Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .flatMap(([field, value]) => [field, JSON.stringify(value)]);
}

function parseRun(fields: Record<string, string>): RunRecord | null {
  if (isEmpty(fields)) return null;
  const { creation: _creation, ending: _ending, result: _result, ...properties } = fields;
  const values = Object.entries(properties).map(([field, value]) => [field, json(value)]);
  return parsed(runRecord, Object.fromEntries(values), `run ${fields['run'] ?? ''}`);
}

/** Denied and expired are ends of their own: nobody refused anything on the nodes. */
function statusOf({ code, outcome }: RunResult): RunStatus {
  if (code === 'APPROVAL_DENIED') return 'denied';
  return code === 'APPROVAL_EXPIRED' ? 'expired' : outcome;
}

function readJson<T>(schema: z.ZodType<T>, text: string, what: string): T {
  return parsed(schema, json(text), what);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new RedisopsError('QUEUE_FAILED', `The queue’s Redis holds something else than a ${what}: ${problems}`, {
    hint: 'Was it written by another version of redisops, or by another program? Give redisops a Redis of its own.',
  });
}

function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0;
}

/** Tells a command that the client sent again from one by somebody else. */
function nonce(): string {
  return randomBytes(9).toString('base64url');
}
