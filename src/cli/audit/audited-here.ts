import { deliverAudit } from '../../adapters/audit/delivery.ts';
import { auditSinks } from '../../adapters/audit/sinks.ts';
import { auditTrailIn } from '../../adapters/audit/trail.ts';
import { egressOf } from '../../adapters/http/egress.ts';
import { asRedisopsError } from '../../domain/error.ts';
import type { AuditEntry } from '../../domain/run/run.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';
import { evidentStore } from '../../run/evident-store.ts';
import type { Context } from '../context.ts';
import { originHere } from '../person.ts';
import { withStore } from '../queue-store.ts';

type Here = Pick<Context, 'settings' | 'clock' | 'tell'>;

/** What a verb did, by the person at the terminal. */
type Deed = Omit<AuditEntry, 'at' | 'origin'>;

/**
 * Audits a deed that has not begun yet.
 * @throws AUDIT_FAILED, STATE_DIR_FULL: it must not begin.
 */
export async function auditFirst(deed: Deed, context: Here): Promise<void> {
  const { settings } = context;
  const trail = auditTrailIn(settings.STATE_DIR);
  await trail.ready();
  const written = await trail.append({ at: context.clock.now().toISOString(), origin: originHere(), ...deed });
  await withStore(settings, (store) => store.keepAuditHead(trail.place, written)).catch(() => undefined);
}

/** Audits a deed that is over, and sends what is not sent yet. A failure is shown. */
export async function auditAfterwards(deed: Deed, context: Here): Promise<void> {
  await auditFirst(deed, context).catch((thrown: unknown) => {
    const { message, hint } = asRedisopsError(thrown);
    context.tell(`Not audited: ${deed.what}, ${deed.outcome}. ${message} ${hint}`);
  });
  await send(context);
}

/** The bot’s store, audited on this machine’s disk too. @throws QUEUE_FAILED, and what `use` throws */
export async function withEvidentStore<T>(context: Here, use: (store: Store) => Promise<T>): Promise<T> {
  const { settings, clock } = context;
  const trail = auditTrailIn(settings.STATE_DIR);
  const said = (_fields: object, message: string): void => context.tell(message);
  const log: Log = { debug: () => undefined, info: () => undefined, warn: said, error: said };
  try {
    return await withStore(settings, (store) =>
      use(evidentStore(store, trail, { clock, log, written: () => undefined }).store),
    );
  } finally {
    await send(context);
  }
}

async function send({ settings, tell }: Here): Promise<void> {
  const sinks = auditSinks(settings, egressOf(settings)?.fetch ?? fetch);
  await deliverAudit(settings.STATE_DIR, sinks).catch((thrown: unknown) => {
    const { message, hint } = asRedisopsError(thrown);
    tell(`${message} ${hint}`);
  });
}
