import { asRedisopsError, type RedisopsError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { watch } from '../run/watch.ts';

/** Each fails where something that the program needs is not there. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

export interface Readiness {
  /** For probes: an answer holds for some seconds. */
  checks: Checks;
  /** Every check was made once. */
  begun: Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds. Probes may come often, and Slack and GitHub count requests. */
const KEPT_MS = 5000;
const EVERY_MS = 20_000;
const SOON_MS = 5000;

/**
 * Keeps checking the program’s dependencies. A missing one is logged once, with a hint, and so is its return; `ready`
 * once nothing is missing.
 * @param fields Added to the line `ready`.
 */
export function watchReadiness(checks: Checks, fields: object, { log, clock }: { log: Log; clock: Clock }): Readiness {
  const kept = Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, keptFor(KEPT_MS, check, clock)]),
  );
  const missing = new Map<string, string>();
  let wasReady = false;

  const lookAt = async (name: string, check: () => Promise<void>): Promise<void> => {
    const failure = await check().then(() => null, asRedisopsError);
    const reason = failure === null ? undefined : saidOf(failure);
    if (reason === undefined && missing.delete(name)) log.info({ check: name }, 'available again');
    if (reason === undefined || missing.get(name) === reason) return;
    missing.set(name, reason);
    log.error({ check: name, code: failure?.code }, `not ready: ${reason}`);
  };
  const look = async (): Promise<number> => {
    await Promise.all(Object.entries(kept).map(([name, check]) => lookAt(name, check)));
    const isReady = missing.size === 0;
    if (isReady && !wasReady) log.info(fields, 'ready');
    wasReady = isReady;
    return isReady ? EVERY_MS : SOON_MS;
  };
  const looking = watch(look, clock);
  return { checks: kept, begun: looking.begun, close: () => looking.close() };
}

/** A mistake of the settings is a person’s to read: no stack. */
function saidOf({ message, hint }: RedisopsError): string {
  return `${message}${/[.!?:]$/.test(message) ? '' : '.'} ${hint}`.trim();
}

/** Asks once for all who ask within that time. */
function keptFor(milliseconds: number, check: () => Promise<void>, clock: Clock): () => Promise<void> {
  let last: { at: number; answer: Promise<void> } | null = null;
  return () => {
    if (last && clock.elapsed() - last.at < milliseconds) return last.answer;
    const answer = check();
    answer.catch(() => undefined);
    last = { at: clock.elapsed(), answer };
    return answer;
  };
}
