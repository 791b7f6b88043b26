import type { Redis } from 'ioredis';
import { storedApprovals } from './approvals.ts';
import { storedAskers } from './askers.ts';
import { storedAudit } from './audit.ts';
import { storedBranches } from './branches.ts';
import { storedDrifts } from './drift.ts';
import { storedFailovers } from './failovers.ts';
import { storedHealth } from './health.ts';
import { storedJournals } from './journals.ts';
import { storedLooks } from './looks.ts';
import { storedLocks } from './locks.ts';
import { storedOutbox } from './outbox.ts';
import { recordReader } from './redis.ts';
import { storedRuns } from './runs.ts';
import { storedThreads } from './threads.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Number of runs kept per cluster; older ones are deleted with their journals. */
const KEPT_RUNS = 10_000;
/** A worker reports an ended run within this time, or has died. */
const REPORT_WITHIN_MS = 120_000;

/**
 * Runs, approvals, journals and audit in the queue’s Redis. Every change is one atomic command or script that may be
 * sent twice: the client resends what a broken connection left unanswered. All methods fail with QUEUE_FAILED.
 */
export function redisStore(
  redis: Redis,
  log: Log,
  { keptRuns = KEPT_RUNS, reportWithinMs = REPORT_WITHIN_MS } = {},
): Store {
  const read = recordReader(log);
  return {
    ...storedRuns(redis, read, log, { keptRuns, reportWithinMs }),
    ...storedThreads(redis, read),
    ...storedJournals(redis, read),
    ...storedApprovals(redis, read),
    ...storedDrifts(redis, read),
    ...storedFailovers(redis, read),
    ...storedHealth(redis, read),
    ...storedLooks(redis, read),
    ...storedLocks(redis),
    ...storedBranches(redis),
    ...storedAskers(redis),
    ...storedAudit(redis),
    ...storedOutbox(redis, read),
  };
}
