import { asRedisopsError } from '../domain/error.ts';
import type { Origin } from '../domain/run/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Audit } from '../ports/store.ts';

/** An attempted command, as recorded in the audit. */
export interface Attempt {
  by: Origin;
  /** Contains no secrets and no unchecked values. */
  what: string;
  /** Undefined until the cluster is known. */
  cluster: string | undefined;
  run?: string;
  /** The digest of the plan that is decided on. */
  plan?: string;
}

export interface AuditPorts {
  store: Pick<Audit, 'audit'>;
  clock: Clock;
  log: Pick<Log, 'error'>;
}

/** Records the outcome of the attempt; `change` adds details known only by then. */
export type Note = (outcome: string, change?: Partial<Attempt>) => Promise<void>;

/**
 * Runs an attempt. A refusal or failure is audited with its code and rethrown, even if the audit cannot be written. A
 * success is audited through `note`, unless another record already names it.
 */
export async function audited<T>(attempt: Attempt, ports: AuditPorts, act: (note: Note) => Promise<T>): Promise<T> {
  const note: Note = async (outcome, change) => {
    const { by: origin, what, cluster = '-', run = null, plan } = { ...attempt, ...change };
    await ports.store.audit({ at: ports.clock.now().toISOString(), origin, cluster, what, outcome, run, plan });
  };
  try {
    return await act(note);
  } catch (thrown) {
    const { code } = asRedisopsError(thrown);
    await note(code).catch((error: unknown) => {
      ports.log.error({ error, origin: attempt.by, outcome: code }, 'a refused attempt could not be audited');
    });
    throw thrown;
  }
}
