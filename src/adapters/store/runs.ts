import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AskedStop, RunRecord, RunResult, RunStatus } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { goal, journalEntry, plan, runRecord } from './run-record.ts';
import { auditText, KEPT_ENTRIES } from './audit.ts';
import { evaluate, fieldsOf, isEmpty, key, nonce, readJson, recordOf, serverTime } from './redis.ts';
import { CREATE_RUN, FINISH_RUN, STOP_RUN, TAKE_UNTOLD, TOLD, UPDATE_RUN } from './scripts.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

type Runs = Pick<
  Store,
  | 'createRun'
  | 'updateRun'
  | 'stopRun'
  | 'run'
  | 'runs'
  | 'finishRun'
  | 'told'
  | 'untold'
  | 'rememberThread'
  | 'threadOf'
  | 'recordStep'
  | 'journal'
>;

const thread = z.object({ channel: z.string(), timestamp: z.string() });
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
const askedStop = z.enum(['asked', 'asked-before', 'ended', 'unknown']) satisfies z.ZodType<AskedStop>;

/** Runs with what belongs to them: result, thread, journal. */
export function storedRuns(redis: Redis, log: Log, limits: { keptRuns: number; tellWithinMs: number }): Runs {
  const { keptRuns, tellWithinMs } = limits;
  const readRun = async (run: string): Promise<RunRecord | null> =>
    parseRun(await answerOf(redis.hgetall(key.run(run))));

  return {
    async createRun(run, what) {
      const { origin, cluster, status, code, requestedAt } = run;
      const entry = auditText({ at: requestedAt, origin, cluster, what, outcome: code ?? status, run: run.run });
      const keys = [key.run(run.run), key.runs(cluster), key.audit];
      const prefixes = [key.run(''), key.thread(''), key.journal('')];
      const time = Date.parse(requestedAt);
      const created = await evaluate(redis, CREATE_RUN, keys, [
        run.run,
        nonce(),
        time,
        keptRuns,
        ...prefixes,
        entry,
        KEPT_ENTRIES,
        ...fieldsOf(run),
      ]);
      return created === 1;
    },
    async updateRun(run, change) {
      const found = await evaluate(redis, UPDATE_RUN, [key.run(run)], fieldsOf(change));
      if (found !== 1) log.warn({ run }, 'a run that is not kept, or that has ended, was to be changed');
    },
    async stopRun(run, stop) {
      return askedStop.parse(await evaluate(redis, STOP_RUN, [key.run(run)], [JSON.stringify(stop)]));
    },
    run: readRun,
    async runs(cluster, limit) {
      const names = await answerOf(redis.zrevrange(key.runs(cluster), 0, limit - 1));
      const records = await Promise.all(names.map(readRun));
      return records.filter((record) => record !== null);
    },
    async finishRun(result) {
      const { run, cluster, code, message, revision, durationMs } = result;
      const finishedAt = await serverTime(redis);
      const fields = fieldsOf({ status: statusOf(result), code, message, revision, durationMs, finishedAt });
      const parameters = [run, nonce(), JSON.stringify(result), tellWithinMs, ...fields];
      return (await evaluate(redis, FINISH_RUN, [key.run(run), key.untold(cluster)], parameters)) === 1;
    },
    async told({ run, cluster }) {
      await evaluate(redis, TOLD, [key.run(run), key.untold(cluster)], [run]);
    },
    async untold(cluster) {
      const results = z
        .array(z.string())
        .parse(await evaluate(redis, TAKE_UNTOLD, [key.untold(cluster)], [tellWithinMs, key.run('')]));
      return results.map((text) => readJson(runResult, text, `result of ${cluster}`));
    },

    async rememberThread(run, message) {
      await answerOf(redis.hset(key.thread(run), { ...message }));
    },
    async threadOf(run) {
      const fields = await answerOf(redis.hgetall(key.thread(run)));
      return isEmpty(fields) ? null : thread.parse(fields);
    },

    async recordStep(run, entry) {
      await answerOf(redis.rpush(key.journal(run), JSON.stringify(entry)));
    },
    async journal(run): Promise<readonly JournalEntry[]> {
      const lines = await answerOf(redis.lrange(key.journal(run), 0, -1));
      return lines.map((line) => readJson(journalEntry, line, `journal of ${run}`));
    },
  };
}

function parseRun(fields: Record<string, string>): RunRecord | null {
  const { creation: _creation, ending: _ending, result: _result, ...properties } = fields;
  return recordOf(runRecord, properties, `run ${fields['run'] ?? ''}`);
}

/** Denied and expired are ends of their own: nobody refused anything on the nodes. */
function statusOf({ code, outcome }: RunResult): RunStatus {
  if (code === 'APPROVAL_DENIED') return 'denied';
  return code === 'APPROVAL_EXPIRED' ? 'expired' : outcome;
}
