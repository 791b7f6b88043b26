import { readDriftWatch } from '../../desired/questions.ts';
import { type DriftWatch } from '../../desired/rules/read-rules.ts';
import { isRolledBack } from '../../domain/run/applied.ts';
import { afterLook, driftShown, heldUntil, type DriftNews, type DriftRecord } from '../../domain/drift/drift-record.ts';
import { isFinal } from '../../domain/run/run.ts';
import { newRun } from '../../domain/run/new-run.ts';
import { newRunId } from '../../domain/run/run-id.ts';
import { drift } from '../../operation.ts';
import { driftAdded, driftMessage, driftOffers, driftReturned } from '../../report/cluster/drift-message.ts';
import type { RunPorts } from '../ports.ts';
import { obstacleToStart } from '../life/admission.ts';
import { proposeJob } from '../life/run-job.ts';
import type { Click } from '../../domain/chat/click.ts';

/** Milliseconds until the next try after a failed or skipped look. */
const AGAIN_MS = 60_000;
/** Milliseconds between checks whether an unwatched cluster is watched again. */
const UNWATCHED_MS = 900_000;
const LOOK_BACK = 200;

/**
 * Looks for drift when it is the cluster’s turn, and updates its message. Called often, by every worker: only one of
 * them looks. Skipped during a run, when nodes are half done; a run that may have ended a drift triggers a look at
 * once.
 */
export async function watchDrift(cluster: string, ports: RunPorts, compare: Compare = drift): Promise<void> {
  const { store } = ports;
  const runs = await lastRuns(cluster, ports);
  if (runs.underWay) return;
  const known = await store.drift(cluster);
  const turn = await store.takeDriftTurn(cluster, known?.goneAt === null && known.afterRun !== runs.last);
  if (!turn) return;

  let nextMs = AGAIN_MS;
  try {
    if (known) await store.changeDrift(cluster, { afterRun: runs.last });
    const source = await ports.source(null);
    const watch = await readDriftWatch(source, cluster);
    if (watch && watch.everyMs !== null && !turn.first)
      await look(cluster, () => compare(source, cluster, ports), watch, ports);
    nextMs = watch?.everyMs ?? UNWATCHED_MS;
  } finally {
    await store.endDriftTurn(cluster, turn, nextMs);
  }
}

/** Compares Git with the nodes. */
type Compare = typeof drift;

interface LastRuns {
  underWay: boolean;
  /** Name of the newest run; null if there was none. */
  last: string | null;
}

async function lastRuns(cluster: string, { store }: Pick<RunPorts, 'store'>): Promise<LastRuns> {
  const runs = await store.runs(cluster, LOOK_BACK);
  return { underWay: runs.some(({ status }) => !isFinal(status)), last: runs[0]?.run ?? null };
}

async function look(
  cluster: string,
  compareNow: () => ReturnType<Compare>,
  watch: DriftWatch,
  ports: RunPorts,
): Promise<void> {
  const { store, clock, log } = ports;
  const { last } = await lastRuns(cluster, ports);
  const found = await compareNow();
  const now = await lastRuns(cluster, ports);
  if (now.underWay || now.last !== last)
    return log.info({ cluster }, 'a run came between: what was seen of the nodes does not count');

  const known = await store.drift(cluster);
  // What cannot be read, or would not fail over, is reported by the watch of health.
  if (known?.goneAt !== null && found.drifts.length === 0) return;
  const news = afterLook(known, found, clock.now());
  if (!news) return;
  await store.changeDrift(cluster, { ...news.change, ...(known ? {} : { afterRun: last }) });
  const record = await applyByItself(news.record, watch, ports);
  await tell({ ...news, record }, watch.policy.channel ?? ports.defaultChannel, ports).catch((error: unknown) =>
    log.warn({ cluster, error }, 'could not tell of drift; the next look does'),
  );
}

/**
 * Applies Git automatically if the cluster’s settings allow it and nothing blocks it; at most once an hour, since a
 * recurring difference would return.
 */
async function applyByItself(record: DriftRecord, { apply }: DriftWatch, ports: RunPorts): Promise<DriftRecord> {
  const { cluster, look: seen, fingerprint } = record;
  const { store, clock, queue, log } = ports;
  const now = clock.now();
  const isClear = seen.unread.length === 0 && seen.obstacles.length === 0 && seen.drifts.some(({ byApply }) => byApply);
  if (!apply || record.goneAt !== null || record.ignored || !isClear || heldUntil(record, now)) return record;

  // A refused run every hour would be noise.
  if (await obstacleToStart({ run: '', cluster }, ports)) return record;
  // A rolled-back change is never reapplied automatically.
  if (isRolledBack(await store.runs(cluster, LOOK_BACK))) return record;

  const run = newRunId(now, `drift${now.getTime().toString(36)}${fingerprint.slice(0, 4)}`);
  const change = { appliedAt: now.toISOString(), applying: { run, by: null } };
  const origin = { from: 'redisops', actor: 'drift' } as const;
  const queued = newRun({ run, cluster, goal: { kind: 'converge' }, origin }, now);
  // Recorded first: after a crash it is not repeated within the hour.
  await store.changeDrift(cluster, change);
  await store.createRun(queued, `apply drift ${fingerprint}`);
  await queue.enqueue(proposeJob(queued));
  log.info({ cluster, run }, 'drift is applied by itself');
  return { ...record, ...change };
}

async function tell({ record, added, returned }: DriftNews, channel: string, ports: RunPorts): Promise<void> {
  const { store, chat } = ports;
  const { cluster, message, goneAt } = record;
  const shown = driftShown(record);
  if (!message) {
    if (goneAt !== null) return;
    const posted = await chat.post(channel, driftMessage(record), driftButtons(record, ports));
    return store.changeDrift(cluster, { message: posted, shown });
  }
  if (record.shown === shown) return;
  await chat.edit(message, driftMessage(record), driftButtons(record, ports));
  await store.changeDrift(cluster, { shown });
  if (added.length > 0) await chat.reply(message, driftAdded(added));
  else if (returned) await chat.reply(message, driftReturned());
}

/** Buttons for the differences shown above them. */
export function driftButtons(record: DriftRecord, { gitHub }: Pick<RunPorts, 'gitHub'>): readonly Click[] {
  const { cluster, fingerprint } = record;
  const isOnGitHub = gitHub !== null && record.look.revision !== 'working tree';
  return driftOffers(record, isOnGitHub).map((offer) => ({ kind: 'drift', offer, cluster, fingerprint }));
}
