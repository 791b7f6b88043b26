import { asRedisopsError, RedisopsError } from '../domain/error.ts';
import { describeGoal } from '../domain/goal.ts';
import type { AuditEntry, RunResult } from '../domain/run/run.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** Entries that could not be written: they are tried again before the next one. */
const MOST_PENDING = 1000;

interface EvidencePorts {
  clock: Clock;
  log: Log;
  /** Called after each entry. */
  written: () => void;
}

/** A store whose audit is also on disk, as evidence. */
export interface EvidentStore {
  store: Store;
  /** @throws STATE_DIR_FULL; AUDIT_FAILED while the audit cannot be written, or lacks entries that could not be. */
  check(): Promise<void>;
}

/**
 * Writes the audit to disk before it goes into the store. What cannot be audited first does not happen: no run is
 * created, no plan approved, no lock removed (AUDIT_FAILED, STATE_DIR_FULL). What has happened already, a refusal or the
 * end of a run, is kept in memory until it can be written.
 */
export function evidentStore(store: Store, trail: AuditTrail, ports: EvidencePorts): EvidentStore {
  const entries = entriesInto(trail, store, ports);
  const { clock } = ports;
  return {
    check: () => entries.check(),
    store: {
      ...store,
      async audit(entry) {
        const [onDisk, kept] = await Promise.allSettled([entries.afterwards(entry), store.audit(entry)]);
        for (const each of [onDisk, kept]) if (each.status === 'rejected') throw each.reason;
      },
      async createRun(run, what) {
        const { requestedAt: at, origin, cluster, status, code } = run;
        // A request that is delivered twice is one.
        if ((await store.run(run.run)) === null)
          await entries.first({ at, origin, cluster, what, outcome: code ?? status, run: run.run });
        return store.createRun(run, what);
      },
      async spendApproval(click, by) {
        // Whoever denies is not held up.
        if (click.decision === 'denied') return store.spendApproval(click, by);
        const request = await store.approval(click.approval);
        await entries.first({
          at: clock.now().toISOString(),
          origin: { from: 'slack', actor: by },
          cluster: request?.cluster ?? '-',
          what: `approve plan ${click.digest.slice(0, 12)}`,
          outcome: 'attempted',
          run: request?.run ?? null,
          plan: click.digest,
        });
        return store.spendApproval(click, by);
      },
      async finishRun(result) {
        const isFirst = await store.finishRun(result);
        if (isFirst) await entries.afterwards(endOf(result, clock)).catch(() => undefined);
        return isFirst;
      },
      async unlock(cluster) {
        await trail.ready();
        return store.unlock(cluster);
      },
    },
  };
}

/** Writes entries one after the other. */
function entriesInto(trail: AuditTrail, store: Pick<Store, 'keepAuditHead'>, { log, written }: EvidencePorts) {
  const pending: AuditEntry[] = [];
  let failure: RedisopsError | null = null;

  const write = async (entry: AuditEntry): Promise<void> => {
    const next = await trail.append(entry);
    await store.keepAuditHead(trail.place, next).catch((error: unknown) => {
      log.warn({ error }, 'the audit’s last entry could not be noted in the queue’s Redis');
    });
    written();
  };
  const writeEach = async (): Promise<void> => {
    for (let next = pending[0]; next; next = pending[0]) {
      await write(next);
      pending.shift();
    }
    failure = null;
  };
  let writing: Promise<void> = Promise.resolve();
  const writePending = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(writeEach);
    return writing;
  };
  return {
    /** Writes it now or never. */
    async first(entry: AuditEntry): Promise<void> {
      await trail.ready();
      await writePending();
      await write(entry);
    },
    /** Writes it now or later. @throws AUDIT_FAILED: later */
    async afterwards(entry: AuditEntry): Promise<void> {
      if (pending.length < MOST_PENDING) pending.push(entry);
      else log.error({ entry }, 'an audit entry is only here: too many wait for the disk');
      await writePending().catch((thrown: unknown) => {
        failure = asRedisopsError(thrown);
        log.error({ code: failure.code, waiting: pending.length, entry }, `not audited yet: ${failure.message}`);
        throw notYet(failure);
      });
    },
    async check(): Promise<void> {
      await trail.ready();
      if (failure) await writePending();
    },
  };
}

function notYet({ message, hint }: RedisopsError): RedisopsError {
  return new RedisopsError('AUDIT_FAILED', `This was done, but its audit entry is only in memory. ${message}`, {
    hint,
  });
}

function endOf({ run, cluster, goal, code, plan }: RunResult, clock: Clock): AuditEntry {
  return {
    at: clock.now().toISOString(),
    origin: { from: 'redisops', actor: 'worker' },
    cluster,
    what: `end of ${describeGoal(goal)}`,
    outcome: code,
    run,
    plan: plan?.digest,
  };
}
