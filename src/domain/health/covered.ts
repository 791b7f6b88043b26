import type { Code } from '../code.ts';
import type { DesiredCluster } from '../desired.ts';
import type { FailoverRecord } from '../failover/failover-record.ts';
import type { Reason } from '../verdict.ts';
import type { HealthLook } from './health-record.ts';
import type { LastLook } from './last-look.ts';

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
  return without(look, ({ node, code }) => node === last.from || (isReturning && code === 'MASTER_AMBIGUOUS'));
}

/** What a reboot causes, from the shutdown until the replica is in sync. */
const BY_A_REBOOT: ReadonlySet<Code> = new Set<Code>([
  'NODE_UNREACHABLE',
  'SERVICE_NOT_ACTIVE',
  'REDIS_UNREACHABLE',
  'REDIS_UNREADABLE',
  'REPLICA_LINK_DOWN',
  'REPLICA_LAGS',
  'REPLICA_NOT_SEEN',
  'OFFSET_STANDS_STILL',
  'REPLICATION_ID_DIFFERS',
  'SENTINEL_UNREADABLE',
  'SENTINEL_NOT_RUNNING',
  'SENTINEL_NOT_SEEN',
]);

/** A host that is not back after this time is reported, drained or not. */
const REBOOT_MS = 3_600_000;

/** Drained hosts that may be rebooting. @param seen Each Redis when it was last in order. */
export function rebooting({ nodes }: DesiredCluster, seen: LastLook['nodes'], now: Date): readonly string[] {
  return nodes.flatMap(({ name, drained }) => {
    const at = seen[name]?.at;
    return drained && at !== undefined && now.getTime() - Date.parse(at) < REBOOT_MS ? [name] : [];
  });
}

/** The look without what a reboot causes on these hosts: somebody drained them for that. */
export function withoutReboots(look: HealthLook, hosts: readonly string[]): HealthLook {
  return without(look, ({ node, code }) => node !== null && hosts.includes(node) && BY_A_REBOOT.has(code));
}

function without(look: HealthLook, isCovered: (cause: Pick<Reason, 'node' | 'code'>) => boolean): HealthLook {
  const reasons = look.reasons.filter((reason) => !isCovered(reason));
  const readiness = look.readiness.filter(
    ({ code, nodes: [node = null, ...more] }) => more.length > 0 || !isCovered({ node, code }),
  );
  return { ...look, reasons, readiness, verdict: reasons.length === 0 ? 'healthy' : look.verdict };
}
