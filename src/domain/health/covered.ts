import type { FailoverRecord } from '../failover/failover-record.ts';
import type { HealthLook } from './health-record.ts';

/** For so long the failover’s own message speaks for the old master. */
const COVERED_MS = 300_000;

/**
 * The look without what the message of a recent failover already says: that its old master is away, or
 * still a master until Sentinel demotes it.
 */
export function withoutCovered(look: HealthLook, last: FailoverRecord | null, now: Date): HealthLook {
  if (!last || last.closedAt !== null || last.to === null || last.message === null) return look;
  if (now.getTime() - Date.parse(last.at) > COVERED_MS) return look;
  const isReturning = last.old.state === 'away' || last.old.state === 'master';
  const reasons = look.reasons.filter(
    ({ node, code }) => node !== last.from && !(isReturning && code === 'MASTER_AMBIGUOUS'),
  );
  const readiness = look.readiness.filter(({ nodes }) => !(nodes.length === 1 && nodes[0] === last.from));
  return { ...look, reasons, readiness, verdict: reasons.length === 0 ? 'healthy' : look.verdict };
}
