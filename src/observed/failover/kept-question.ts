import type { RedisLink } from '../../ports/nodes.ts';
import type { Clock } from '../../ports/clock.ts';

/** A question that is asked again and again over one kept connection. */
export interface KeptQuestion<T> {
  /** Asks, unless an earlier question is still open. Never throws. */
  refresh(): Promise<void>;
  /** The last answer; null if there is none, or none that is fresh. */
  value(): T | null;
  close(): void;
}

/** An older answer says nothing about now. Milliseconds. */
const FRESH_MS = 3000;
const LONGEST_WAIT_MS = 15_000;

/** After a failure the next tries are further and further apart, up to 15 s. */
export function keptQuestion<T>(
  open: () => Promise<RedisLink>,
  ask: (link: RedisLink) => Promise<T>,
  clock: Clock,
): KeptQuestion<T> {
  let link: RedisLink | null = null;
  let answer: { value: T; at: number } | null = null;
  let isOpen = false;
  let waitMs = 1000;
  let retryAt = 0;
  const drop = (): void => {
    link?.close();
    link = null;
  };
  const askOnce = async (): Promise<void> => {
    try {
      link ??= await open();
      answer = { value: await ask(link), at: clock.elapsed() };
      waitMs = 1000;
    } catch {
      drop();
      answer = null;
      retryAt = clock.elapsed() + waitMs;
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    }
  };
  return {
    async refresh() {
      if (isOpen || clock.elapsed() < retryAt) return;
      isOpen = true;
      await askOnce();
      isOpen = false;
    },
    value: () => (answer && clock.elapsed() - answer.at <= FRESH_MS ? answer.value : null),
    close: drop,
  };
}
