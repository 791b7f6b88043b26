import { auditSinks } from '../adapters/audit/sinks.ts';
import { deliverAudit } from '../adapters/audit/delivery.ts';
import { auditTrailIn } from '../adapters/audit/trail.ts';
import { egressOf } from '../adapters/http/egress.ts';
import { asRedisopsError, type RedisopsError } from '../domain/error.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { evidentStore } from '../run/evident-store.ts';
import { watch } from '../run/watch.ts';
import type { Settings } from '../settings.ts';
import { realClock } from '../time/real-clock.ts';

/** Also for what the command line wrote. */
const EVERY_MS = 30_000;
const AGAIN_MS = 5000;

/** The store whose audit is on disk, and the way from there to syslog and webhook. */
export interface ServedAudit {
  trail: AuditTrail;
  store: Store;
  /** @throws STATE_DIR_FULL, AUDIT_FAILED */
  check(): Promise<void>;
  close(): Promise<void>;
}

export function servedAudit(settings: Settings, kept: Store, log: Log): ServedAudit {
  const { STATE_DIR } = settings;
  const trail = auditTrailIn(STATE_DIR);
  const sinks = auditSinks(settings, egressOf(settings)?.fetch ?? fetch);
  let failure: RedisopsError | null = null;
  const sending = watch(
    async () => {
      if (sinks.length === 0) return Infinity;
      const thrown = await deliverAudit(STATE_DIR, sinks).then(() => null, asRedisopsError);
      if (thrown && !failure) log.error({ code: thrown.code }, `${thrown.message} ${thrown.hint}`);
      failure = thrown;
      return thrown ? AGAIN_MS : EVERY_MS;
    },
    realClock,
    { settleMs: 200 },
  );
  const evident = evidentStore(kept, trail, { clock: realClock, log, written: () => sending.hint() });
  return {
    trail,
    store: evident.store,
    async check() {
      await evident.check();
      if (failure) throw failure;
    },
    close: () => sending.close(),
  };
}
