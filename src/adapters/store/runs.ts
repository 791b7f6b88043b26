import type { Redis } from 'ioredis';
import { z } from 'zod';
import { endStatus, type AskedStop, type RunRecord } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { auditText, KEPT_ENTRIES } from './audit.ts';
import {
  evaluate,
  fieldsOf,
  isEmpty,
  json,
  key,
  nonce,
  parsed,
  serverTime,
  valuesOf,
  type ReadRecord,
} from './redis.ts';
import { CREATE_RUN, FINISH_RUN, STOP_RUN, TAKE_UNREPORTED, MARK_REPORTED, UPDATE_RUN } from './scripts.ts';
import type { RunHistory } from '../../domain/run/run-history.ts';
import type { Log } from '../../ports/log.ts';
import type { Runs } from '../../ports/store.ts';
import { runResult } from '../../records/result.ts';
import { runRecord } from '../../records/run.ts';

const askedStop = z.enum(['asked', 'asked-before', 'ended', 'unknown']) satisfies z.ZodType<AskedStop>;

const unreported = z.array(z.tuple([z.string(), z.string()]));

/** Results are large: they are kept for a year. */
const KEPT_SECONDS = 366 * 24 * 3600;

interface RunLimits {
  keptRuns: number;
  reportWithinMs: number;
}

export function storedRuns(redis: Redis, read: ReadRecord, log: Log, limits: RunLimits): Runs {
  const { keptRuns, reportWithinMs } = limits;
  const history = async (cluster: string, limit: number): Promise<RunHistory> => {
    const names = await answerOf(redis.zrevrange(key.runs(cluster), 0, limit - 1));
    const kept = await Promise.all(names.map((name) => valuesOfRun(redis, name)));
    const present = names.flatMap((name, at) => (kept[at] ? [{ name, record: asRun(kept[at], name) }] : []));
    return {
      runs: present.flatMap(({ record }) => record ?? []),
      unreadable: present.flatMap(({ name, record }) => (record ? [] : [name])),
    };
  };
  const asRun = (values: unknown, name: string): RunRecord | null => read(runRecord, values, `run ${name}`);

  return {
    createRun: (run, what) => createRun(redis, run, what, keptRuns),
    async updateRun(run, change) {
      const found = await evaluate(redis, UPDATE_RUN, [key.run(run)], fieldsOf(change));
      if (found !== 1) log.warn({ run }, 'a run that is not kept, or that has ended, was to be changed');
    },
    async stopRun(run, stop) {
      return askedStop.parse(await evaluate(redis, STOP_RUN, [key.run(run)], [JSON.stringify(stop)]));
    },
    async run(run) {
      const values = await valuesOfRun(redis, run);
      return values && parsed(runRecord, values, `run ${run}`);
    },
    runs: async (cluster, limit) => (await history(cluster, limit)).runs,
    history,
    async finishRun(result) {
      const { run, cluster, code, message, revision, durationMs } = result;
      const finishedAt = await serverTime(redis);
      const fields = fieldsOf({ status: endStatus(result), code, message, revision, durationMs, finishedAt });
      const parameters = [run, nonce(), JSON.stringify(result), reportWithinMs, ...fields];
      const counts = (await evaluate(redis, FINISH_RUN, [key.run(run), key.unreported(cluster)], parameters)) === 1;
      if (counts) await answerOf(redis.set(key.result(run), JSON.stringify(result), 'EX', KEPT_SECONDS));
      return counts;
    },
    async markReported({ run, cluster }) {
      await evaluate(redis, MARK_REPORTED, [key.run(run), key.unreported(cluster)], [run]);
    },
    async result(run) {
      const text = await answerOf(redis.get(key.result(run)));
      return text === null ? null : read(runResult, json(text), `result of run ${run}`);
    },
    async takeUnreported(cluster) {
      const taken = await evaluate(redis, TAKE_UNREPORTED, [key.unreported(cluster)], [reportWithinMs, key.run('')]);
      return unreported
        .parse(taken)
        .flatMap(([run, result]) => read(runResult, json(result), `result of run ${run}`) ?? []);
    },
  };
}

/** @param keptRuns Maximum number of the cluster’s runs; the oldest are deleted. */
async function createRun(redis: Redis, run: RunRecord, what: string, keptRuns: number): Promise<boolean> {
  const { origin, cluster, status, code, requestedAt } = run;
  const entry = auditText({ at: requestedAt, origin, cluster, what, outcome: code ?? status, run: run.run });
  const keys = [key.run(run.run), key.runs(cluster), key.audit];
  const prefixes = [key.run(''), key.thread(''), key.journal('')];
  const parameters = [run.run, nonce(), Date.parse(requestedAt), keptRuns, ...prefixes, entry, KEPT_ENTRIES];
  return (await evaluate(redis, CREATE_RUN, keys, [...parameters, ...fieldsOf(run)])) === 1;
}

/** Null if there is no such run. The hash also has fields used by the scripts. */
async function valuesOfRun(redis: Redis, run: string): Promise<Record<string, unknown> | null> {
  const fields = await answerOf(redis.hgetall(key.run(run)));
  const { creation: _creation, ending: _ending, result: _result, ...properties } = fields;
  return isEmpty(fields) ? null : valuesOf(properties);
}
