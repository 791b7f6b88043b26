import type { Progress } from '../../domain/run/event.ts';
import { PaceOfProgress, bytesProgress } from './pace-of-progress.ts';
import { withRedis } from './redis-on.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';

const EVERY_MS = 1000;

/**
 * Reports Redis’s loading progress while something else is awaited: systemd confirms a start only once everything is
 * loaded. Unreadable progress is not reported.
 */
export async function tellLoading<T>(step: Step, awaited: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const telling = tellUntil(ended.signal, step);
  try {
    return await awaited;
  } finally {
    ended.abort();
    await telling;
  }
}

export function loadingProgress({ loadedBytes, loadTotalBytes }: ReplicationState): Progress {
  return bytesProgress('loading its data', loadedBytes, loadTotalBytes);
}

async function tellUntil(ended: AbortSignal, step: Step): Promise<void> {
  const paceOfProgress = new PaceOfProgress();
  for (;;) {
    await step.clock.sleep(EVERY_MS, ended);
    if (ended.aborted) return;
    const state = await withRedis(step, readState).catch(() => null);
    if (state?.loading && !isAborted(ended))
      step.progress(paceOfProgress.timed(loadingProgress(state), step.clock.elapsed()));
  }
}

function isAborted({ aborted }: AbortSignal): boolean {
  return aborted;
}
