import { asRedisopsError } from '../../domain/error.ts';
import { planPullRequest, type LookedAt, type PullRequestPorts } from './plan-pull-request.ts';

export interface WatchTimes {
  /** Several pushes and comments come together: the last one is planned. Milliseconds. */
  settleMs: number;
  /** From one list of the open pull requests to the next. */
  everyMs: number;
  /** After a failure, doubled with each further one. */
  againMs: number;
}

const TIMES: WatchTimes = { settleMs: 2000, everyMs: 60_000, againMs: 15_000 };
const LONGEST_AGAIN_MS = 900_000;
/** Pull requests that are waited for at once; what is beyond is found with the next list. */
const MOST_WAITING = 1000;

/** So often a hint puts the look off. */
const MOST_HINTS = 5;

/** Keeps the plans of all open pull requests up to date. */
export interface PullRequestWatch {
  /** Something may have happened to this one. Costs nothing, however often it is said. */
  hint(number: number): void;
  /** Waits for the look that is under way. */
  close(): Promise<void>;
}

interface Waiting {
  at: number;
  /** The first hint: they cannot put it off for ever. */
  since: number;
  failures: number;
}

/**
 * Webhooks are hints, and not needed: the list of open pull requests says of each one when it changed last. One is planned
 * at a time. What it was planned for is remembered here and, over restarts, in the comment itself.
 */
export function watchPullRequests(
  ports: PullRequestPorts,
  given: Partial<WatchTimes> = {},
  plan: (number: number, known: string | null, ports: PullRequestPorts) => Promise<LookedAt> = planPullRequest,
): PullRequestWatch {
  const times = { ...TIMES, ...given };
  const { log } = ports;
  const waiting = new Map<number, Waiting>();
  const marks = new Map<number, string>();
  const seen = new Map<number, string>();
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> | null = null;
  let closed = false;

  const wait = (number: number, afterMs: number, failures = 0): void => {
    if (waiting.size >= MOST_WAITING && !waiting.has(number)) return;
    const now = Date.now();
    const since = waiting.get(number)?.since ?? now;
    const at = Math.max(now, Math.min(now + afterMs, since + Math.max(afterMs, MOST_HINTS * times.settleMs)));
    waiting.set(number, { at, since, failures });
    wake();
  };

  const wake = (): void => {
    if (closed || working) return;
    if (timer) clearTimeout(timer);
    const first = Math.min(...[...waiting.values()].map(({ at }) => at));
    if (!Number.isFinite(first)) return;
    timer = setTimeout(
      () => {
        working = takeDue().finally(() => {
          working = null;
          wake();
        });
      },
      Math.max(0, first - Date.now()),
    );
  };

  const takeDue = async (): Promise<void> => {
    for (const [number, { at, failures }] of waiting) {
      if (closed || at > Date.now()) continue;
      waiting.delete(number);
      await take(number, failures);
    }
  };

  const take = async (number: number, failures: number): Promise<void> => {
    try {
      const { looked, mark } = await plan(number, marks.get(number) ?? null, ports);
      if (mark === null) marks.delete(number);
      else marks.set(number, mark);
      log.info({ pullRequest: number, looked }, 'looked at a pull request');
      if (looked === 'overtaken') wait(number, times.settleMs);
    } catch (error) {
      const again = Math.min(LONGEST_AGAIN_MS, times.againMs * 2 ** failures) * (0.5 + Math.random());
      log.warn(
        { pullRequest: number, error: asRedisopsError(error) },
        'a pull request could not be planned; it is tried again',
      );
      wait(number, again, failures + 1);
    }
  };

  const list = async (): Promise<void> => {
    try {
      const open = await ports.pullRequests.listOpen(ports.branch);
      for (const { number, updatedAt } of open)
        if (seen.get(number) !== updatedAt) wait(number, times.settleMs, waiting.get(number)?.failures);
      seen.clear();
      for (const { number, updatedAt } of open) seen.set(number, updatedAt);
      for (const number of marks.keys()) if (!seen.has(number)) marks.delete(number);
    } catch (error) {
      log.warn({ error: asRedisopsError(error) }, 'open pull requests could not be listed');
    }
  };
  let listing: Promise<void> | null = list().finally(() => (listing = null));
  const poll = setInterval(() => {
    listing ??= list().finally(() => (listing = null));
  }, times.everyMs);

  return {
    hint: (number) => wait(number, times.settleMs),
    async close() {
      closed = true;
      clearInterval(poll);
      if (timer) clearTimeout(timer);
      await Promise.all([working, listing]);
    },
  };
}
