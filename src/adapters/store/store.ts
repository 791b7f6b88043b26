import type { Redis } from 'ioredis';
import { storedApprovals } from './approvals.ts';
import { storedAudit } from './audit.ts';
import { storedBranches } from './branches.ts';
import { storedDrift } from './drift.ts';
import { storedLocks } from './locks.ts';
import { storedRuns } from './runs.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Runs that are kept of each cluster; older ones go with their journals. */
const KEPT_RUNS = 10_000;
/** Who ends a run tells of it within this time, or has died. */
const TELL_WITHIN_MS = 120_000;

/**
 * Runs, approvals, journal and audit in the queue’s Redis. Every change is one atomic command or script, and may be sent
 * twice: the client sends again what a broken connection left unanswered. All methods fail with QUEUE_FAILED.
 */
export function redisStore(
  redis: Redis,
  log: Log,
  { keptRuns = KEPT_RUNS, tellWithinMs = TELL_WITHIN_MS } = {},
): Store {
  return {
    ...storedRuns(redis, log, { keptRuns, tellWithinMs }),
    ...storedApprovals(redis),
    ...storedDrift(redis),
    ...storedLocks(redis),
    ...storedBranches(redis),
    ...storedAudit(redis),
  };
}
