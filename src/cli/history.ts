import { readHistory, readRun } from '../adapters/store/run-log.ts';
import { policyOfCluster } from '../desired/rules/read-rules.ts';
import type { FailoverRecord } from '../domain/failover/failover-record.ts';
import { RedisopsError } from '../domain/error.ts';
import type { RunHistory } from '../domain/run/run-history.ts';
import { historyReport } from '../report/run/history-report.ts';
import { failoverMessage } from '../report/cluster/failover-message.ts';
import { pastRunReport, type PastRun } from '../report/run/past-run-report.ts';
import type { Store } from '../ports/store.ts';
import type { Answer } from './answer.ts';
import type { Options } from './arguments/invocation.ts';
import type { Context } from './context.ts';
import { withStore } from './queue-store.ts';

const SHOWN = 20;

/** The runs of this machine, and the failovers that the bot saw, where its store is reached. */
export async function history(context: Context): Promise<Answer> {
  const found = await runsHere(context);
  const failovers = await failoversSeen(found, context);
  return {
    kind: 'report',
    exit: 0,
    report: historyReport(found, failovers),
    json: failovers.length === 0 ? found : { ...found, failovers },
  };
}

export async function runs(context: Context): Promise<Answer> {
  const found = await runsHere(context);
  return { kind: 'report', exit: 0, report: historyReport(found), json: found };
}

function runsHere({ settings, cluster }: Context): Promise<RunHistory> {
  return readHistory(settings.STATE_DIR, cluster ?? null, SHOWN);
}

async function failoversSeen(found: RunHistory, context: Context): Promise<readonly FailoverRecord[]> {
  const here = await policyOfCluster(context.source, context.cluster).then(
    ({ cluster }) => [cluster],
    () => [],
  );
  const clusters = new Set([...here, ...(context.cluster ? [] : found.runs.map(({ cluster }) => cluster))]);
  const each = await withStore(context.settings, (store) =>
    Promise.all([...clusters].map((cluster) => store.failovers(cluster, SHOWN))),
  ).catch(() => []);
  return each
    .flat()
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, SHOWN);
}

/** A past run or failover, whole: from the bot’s store where it is reached, else from this machine’s history. */
export async function runShow(context: Context, { run }: Options['run']): Promise<Answer> {
  const kept = await withStore(context.settings, (store) => inStore(run, store)).catch(() => null);
  if (kept) return kept;
  const own = await readRun(context.settings.STATE_DIR, run);
  if (own) return answerOf({ ...own, journal: [] });
  throw new RedisopsError('RUN_UNKNOWN', `There is no run or failover “${run.slice(0, 60)}”.`, {
    hint: '`history` lists them. Runs of the bot are kept where it runs, or where QUEUE_REDIS_URL leads to.',
  });
}

async function inStore(name: string, store: Store): Promise<Answer | null> {
  const record = await store.run(name);
  if (record) {
    const [result, journal] = await Promise.all([store.result(name), store.journal(name)]);
    return answerOf({ record, result, journal });
  }
  const failover = await store.failover(name);
  return failover && { kind: 'report', exit: 0, report: failoverMessage(failover), json: failover };
}

function answerOf(past: PastRun): Answer {
  const { record, result, journal } = past;
  return { kind: 'report', exit: 0, report: pastRunReport(past), json: { ...record, result, journal } };
}
