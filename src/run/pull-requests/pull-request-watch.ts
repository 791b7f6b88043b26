import { asRedisopsError } from '../../domain/error.ts';
import { watch } from '../watch.ts';
import { planPullRequest, type LookedAt, type PullRequestPorts } from './plan-pull-request.ts';
import { WaitingPullRequests } from './waiting.ts';

export interface WatchTimes {
  /** Milliseconds to wait for further pushes and comments: only the last one is planned. */
  settleMs: number;
  /** Milliseconds from one list of open pull requests to the next. */
  everyMs: number;
  /** Milliseconds to wait after a failure, doubled after each further one. */
  againMs: number;
}

const TIMES: WatchTimes = { settleMs: 2000, everyMs: 60_000, againMs: 15_000 };
const LONGEST_AGAIN_MS = 900_000;

/** Keeps the plans of all open pull requests current. */
export interface PullRequestWatch {
  /** The pull request may have changed. Cheap, however often it is called. */
  hint(number: number): void;
  /** Waits for the current look. */
  close(): Promise<void>;
}

type Plan = (number: number, known: string | null, ports: PullRequestPorts) => Promise<LookedAt>;

/**
 * Webhooks are only hints: the list of open pull requests shows when each one changed last. Plans one at a time. The
 * planned state is remembered here and, across restarts, in the comment itself.
 */
export function watchPullRequests(
  ports: PullRequestPorts,
  given: Partial<WatchTimes> = {},
  plan: Plan = planPullRequest,
): PullRequestWatch {
  const times = { ...TIMES, ...given };
  const marks = new Map<number, string>();
  const plans = watchPlans(marks, times, plan, ports);
  const seen = new Map<number, string>();

  const list = async (): Promise<void> => {
    const open = await ports.pullRequests.listOpen(ports.branch);
    for (const { number, updatedAt } of open) if (seen.get(number) !== updatedAt) plans.put(number);
    seen.clear();
    for (const { number, updatedAt } of open) seen.set(number, updatedAt);
    for (const number of marks.keys()) if (!seen.has(number)) marks.delete(number);
  };
  const lists = watch(async () => {
    await list().catch((error: unknown) => {
      ports.log.warn({ error: asRedisopsError(error) }, 'open pull requests could not be listed');
    });
    return times.everyMs;
  }, ports.clock);

  return {
    hint: (number) => plans.put(number, 0),
    async close() {
      await Promise.all([lists.close(), plans.close()]);
    },
  };
}

interface PlanWatch {
  /** @param failures Number of failures so far; default: unchanged. */
  put(number: number, failures?: number): void;
  close(): Promise<void>;
}

/** Plans pull requests once they have settled. @param marks The state each one was last planned for. */
function watchPlans(
  marks: Map<number, string>,
  { settleMs, againMs }: WatchTimes,
  plan: Plan,
  ports: PullRequestPorts,
): PlanWatch {
  const { log } = ports;
  const waiting = new WaitingPullRequests(settleMs, ports.clock);

  const take = async (number: number, failures: number): Promise<void> => {
    try {
      const { looked, mark } = await plan(number, marks.get(number) ?? null, ports);
      if (mark === null) marks.delete(number);
      else marks.set(number, mark);
      log.info({ pullRequest: number, looked }, 'looked at a pull request');
      if (looked === 'overtaken') waiting.put(number, settleMs, 0);
    } catch (thrown) {
      const error = asRedisopsError(thrown);
      log.warn({ pullRequest: number, error }, 'a pull request could not be planned; retrying');
      const again = Math.min(LONGEST_AGAIN_MS, againMs * 2 ** failures) * (0.5 + Math.random());
      waiting.put(number, again, failures + 1);
    }
  };
  const plans = watch(async (closing) => {
    for (const { number, failures } of waiting.due()) {
      if (closing.aborted) break;
      await take(number, failures);
    }
    return waiting.firstInMs();
  }, ports.clock);

  return {
    put(number, failures) {
      waiting.put(number, settleMs, failures);
      plans.hint(waiting.firstInMs());
    },
    close: () => plans.close(),
  };
}
