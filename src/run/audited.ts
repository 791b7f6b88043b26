import { asRedisopsError } from '../domain/error.ts';
import type { Origin } from '../domain/run/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Audit } from '../ports/store.ts';

/** Something that a person tried to do, as the audit shows it. */
export interface Attempt {
  by: Origin;
  /** No secrets, and no value that nobody has checked. */
  what: string;
  /** Undefined while it is not known which one is meant. */
  cluster: string | undefined;
  run?: string;
}

export interface AuditPorts {
  store: Pick<Audit, 'audit'>;
  clock: Clock;
  log: Pick<Log, 'error'>;
}

/** Writes down what came of the attempt; `change` is what is known better by then. */
export type Note = (outcome: string, change?: Partial<Attempt>) => Promise<void>;

/**
 * Carries out an attempt. A refusal or failure is written to the audit with its code, and thrown again, also where the
 * audit cannot be written. A success is written by `note`, where no other record names it.
 */
export async function audited<T>(attempt: Attempt, ports: AuditPorts, act: (note: Note) => Promise<T>): Promise<T> {
  const note: Note = async (outcome, change) => {
    const { by: origin, what, cluster = '-', run = null } = { ...attempt, ...change };
    await ports.store.audit({ at: ports.clock.now().toISOString(), origin, cluster, what, outcome, run });
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
