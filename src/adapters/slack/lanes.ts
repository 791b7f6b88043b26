import { RedisopsError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';

/** A request to Slack. */
export interface Turn {
  /** Requests in one lane are sent in order. */
  lane: string;
  /** Slack’s rate limits count per kind. */
  kind: 'post' | 'edit' | 'file' | 'whisper' | 'read';
  /** Replaces a waiting turn of the same name: both are done when this one is, and the latest text wins. */
  replaces?: string;
  say(): Promise<unknown>;
}

/** Thrown by a turn that Slack wants to be retried later. */
export class AskAgain extends Error {
  readonly afterMs: number;
  /** Thrown to the caller if there is no later. */
  readonly failure: RedisopsError;

  constructor(afterMs: number, failure: RedisopsError) {
    super(failure.message);
    this.afterMs = afterMs;
    this.failure = failure;
  }
}

/** Slack: “generally one message per second per channel”. */
const INTERVAL_MS = 1000;
const MOST_TRIES = 6;
const PATIENCE_MS = 120_000;

interface Waiting {
  turn: Turn;
  tries: number;
  since: number;
  callers: { resolve(value: unknown): void; reject(error: unknown): void }[];
}

interface Lane {
  waiting: Waiting[];
  busy: boolean;
  notBefore: number;
  last: Map<Turn['kind'], number>;
}

/** What waits when redisops stops. */
function stopping(): RedisopsError {
  return new RedisopsError('SLACK_FAILED', 'redisops is stopping.', {
    hint: 'What was not said is said after the next start.',
  });
}

/**
 * Sends requests to Slack in order, about one a second per lane and kind, retrying for up to two minutes. Returns the
 * turn’s result.
 * @param stop Ends what waits, with SLACK_FAILED.
 */
export function slackLanes(clock: Clock, stop?: AbortSignal): (turn: Turn) => Promise<unknown> {
  const lanes = new Map<string, Lane>();
  return (turn) =>
    new Promise((resolve, reject) => {
      const lane: Lane = lanes.get(turn.lane) ?? { waiting: [], busy: false, notBefore: 0, last: new Map() };
      lanes.set(turn.lane, lane);
      const older = sameIn(lane, turn);
      if (older) {
        older.turn = turn;
        older.callers.push({ resolve, reject });
        return;
      }
      lane.waiting.push({ turn, tries: 0, since: clock.elapsed(), callers: [{ resolve, reject }] });
      if (!lane.busy) void serve(lane, clock, stop);
    });
}

async function serve(lane: Lane, clock: Clock, stop?: AbortSignal): Promise<void> {
  lane.busy = true;
  for (let next = lane.waiting[0]; next; next = lane.waiting[0]) {
    const wait = dueAt(lane, next.turn) - clock.elapsed();
    if (wait > 0) await clock.sleep(wait, stop);
    if (stop?.aborted) return endAll(lane);
    // From here on, a newer text no longer replaces this one.
    lane.waiting.shift();
    lane.last.set(next.turn.kind, clock.elapsed());
    await attempt(next, lane, clock);
  }
  lane.busy = false;
}

function endAll(lane: Lane): void {
  for (const entry of lane.waiting.splice(0)) rejectAll(entry, stopping());
  lane.busy = false;
}

function dueAt(lane: Lane, { kind }: Turn): number {
  return Math.max(lane.notBefore, (lane.last.get(kind) ?? -INTERVAL_MS) + INTERVAL_MS);
}

async function attempt(entry: Waiting, lane: Lane, clock: Clock): Promise<void> {
  try {
    const answer = await entry.turn.say();
    for (const caller of entry.callers) caller.resolve(answer);
  } catch (error) {
    if (!(error instanceof AskAgain)) return rejectAll(entry, error);
    lane.notBefore = clock.elapsed() + error.afterMs;
    const waited = lane.notBefore - entry.since;
    if (entry.tries + 1 >= MOST_TRIES || waited > PATIENCE_MS) return rejectAll(entry, error.failure);
    putBack(entry, lane);
  }
}

function putBack(entry: Waiting, lane: Lane): void {
  entry.tries += 1;
  const newer = sameIn(lane, entry.turn);
  if (newer) newer.callers.unshift(...entry.callers);
  else lane.waiting.unshift(entry);
}

function rejectAll(entry: Waiting, error: unknown): void {
  for (const caller of entry.callers) caller.reject(error);
}

function sameIn(lane: Lane, { replaces }: Turn): Waiting | undefined {
  return replaces === undefined ? undefined : lane.waiting.find(({ turn }) => turn.replaces === replaces);
}
