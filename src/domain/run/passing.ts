import type { Code } from '../code.ts';
import type { Plan } from '../plan.ts';
import { saysFullDisk } from '../text/full-disk.ts';
import type { RunResult } from './run.ts';

/** Failures that end by themselves once the network is back or the host has booted. */
export const PASSING: ReadonlySet<Code> = new Set<Code>([
  'SSH_UNREACHABLE',
  'SSH_TIMEOUT',
  'COMMAND_TIMEOUT',
  'REDIS_TIMEOUT',
  'REDIS_CONNECTION_LOST',
]);

/**
 * What ends within minutes, mostly by itself, and what another plan finds otherwise. A configuration that is wrong is not
 * among them, nor a step that failed for a reason unknown: it would fail again, and disturb the node each time.
 */
const TROUBLE: ReadonlySet<Code> = new Set<Code>([
  ...PASSING,
  'REDIS_UNREACHABLE',
  'REDIS_UNREADABLE',
  'REDIS_LOADING',
  'REDIS_BUSY',
  'REDIS_MASTERDOWN',
  'REDIS_MAXCLIENTS',
  'REDIS_MISCONF',
  'REDIS_OOM',
  'REDIS_NOREPLICAS',
  'NODE_UNREACHABLE',
  'MASTER_DOWN',
  'REPLICA_NOT_SEEN',
  'HANDOVER_REFUSED',
  'SYNC_IN_PROGRESS',
  'DISK_SHORT',
  'MEMORY_SHORT',
  'HOST_UNKNOWN',
  'STALE_PLAN',
  'RUN_IN_PROGRESS',
  'GITHUB_FAILED',
]);

/** Whether a plan is blocked by nothing but trouble that passes. */
export function isBlockedForNow({ blockers }: Pick<Plan, 'blockers'>): boolean {
  return blockers.every(({ code }) => TROUBLE.has(code));
}

/** Whether a run ended by trouble that passes: then it can be planned again. A cluster that could not be seen is no failure yet. */
export function endedByTrouble({ outcome, code, message, verification }: RunResult): boolean {
  if (outcome !== 'failed' && outcome !== 'refused') return false;
  if (code !== 'VERIFY_FAILED') return TROUBLE.has(code) || saysFullDisk(message);
  const reasons = verification?.reasons ?? [];
  return reasons.length > 0 && reasons.every((reason) => TROUBLE.has(reason.code));
}
