import type { Progress } from '../../domain/run/event.ts';
import { PaceOfProgress, bytesProgress } from './pace-of-progress.ts';
import { withRedis } from './redis-on.ts';
import { readState, type ReplicationState } from './replication-state.ts';
import type { Step } from './step.ts';

const EVERY_MS = 1000;

/**
 * Tells how far Redis is with loading for as long as something else is waited for: systemd answers a start only when all
 * is loaded. What cannot be read meanwhile is not told.
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
