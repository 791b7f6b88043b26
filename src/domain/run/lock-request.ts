import { LONGEST_REASON } from './lock.ts';

/** A request to lock. `forMs` null: until unlocked. */
export type LockRequest = { ok: true; reason: string; forMs: number | null } | { ok: false; message: string };

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
};
const LONGEST_MS = 90 * 24 * 60 * MINUTE_MS;
const UNIT = '(?:m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)';
const PART = new RegExp(`([1-9]\\d{0,4})\\s*(${UNIT})(?![a-z])`, 'gi');
const DURATION = new RegExp(`^(?:[1-9]\\d{0,4}\\s*${UNIT}(?![a-z])[\\s,]*(?:and\\s+)?)+$`, 'i');
/** Words that mean a time, even if it cannot be parsed. */
const UNIT_WORD = /(?:^|[\s\d])(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)(?:\W|$)/i;
const TIME_WORD =
  /^\d|\d[:h.]\d\d|\d\s*(?:am|pm|utc|o.?clock)\b|\d{4}-\d\d|\b(?:tomorrow|today|tonight|morning|afternoon|evening|noon|midnight|eod|end of (?:the )?day|week|weekend|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b/i;

/**
 * Parses `45m`, `2h`, `1h30m`, `2 hours`, `1 day and 12 hours`, `an hour`: at most 90 days, in milliseconds; null for
 * anything else.
 */
export function readDuration(text: string): number | null {
  const figures = text.trim().replaceAll(/\b(?:an?|one)\s+(?=[a-z])/gi, '1 ');
  if (!DURATION.test(figures)) return null;
  let milliseconds = 0;
  for (const [, number, unit = ''] of figures.matchAll(PART))
    milliseconds += Number(number) * (UNITS[unit.slice(0, 1).toLowerCase()] ?? 0);
  return milliseconds <= LONGEST_MS ? milliseconds : null;
}

/**
 * Parses `REASON [for DURATION]`; several words in quotes count as one. Text that looks like a time but cannot be
 * parsed is a mistake: otherwise people wait for an end that never comes.
 */
export function readLockRequest(words: readonly string[]): LockRequest {
  const at = words.findLastIndex((word) => /^(?:for|until|till)$/i.test(word));
  const time = at === -1 ? '' : words.slice(at + 1).join(' ');
  const isFor = words[at]?.toLowerCase() === 'for';
  if (!isFor && TIME_WORD.test(time)) return mistake(`“${words[at]} ${time}” is not understood: only durations are.`);
  const forMs = isFor ? readDuration(time) : null;
  if (isFor && forMs === null && looksTimed(time)) return mistake(`“${time}” is not a duration of at most 90 days.`);
  const reason = (forMs === null ? words : words.slice(0, at)).join(' ').trim();
  const bare = forMs === null ? bareDuration(words) : null;
  if (bare !== null) return mistake(`“${bare}” has no “for” before it.`);
  if (reason === '') return { ok: false, message: 'A reason is missing.' };
  if (reason.length > LONGEST_REASON)
    return { ok: false, message: `A reason has at most ${LONGEST_REASON} characters.` };
  return { ok: true, reason, forMs };
}

/** As it can be typed: `45m`, `2h`, `1d`. */
export function briefDuration(milliseconds: number): string {
  const unit = ['d', 'h', 'm'].find((each) => milliseconds % (UNITS[each] ?? 1) === 0) ?? 'm';
  return `${Math.round(milliseconds / (UNITS[unit] ?? 1))}${unit}`;
}

/** True for `for ever` and `for two hours`; false for `for the payment team`. */
function looksTimed(text: string): boolean {
  return !text.includes(' ') || /^\d/.test(text) || UNIT_WORD.test(text);
}

/** A duration at either end, without `for`. */
function bareDuration(words: readonly string[]): string | null {
  const ends = [words.slice(-1), words.slice(-2), words.slice(0, 1), words.slice(0, 2)].map((some) => some.join(' '));
  return ends.find((text) => readDuration(text) !== null) ?? null;
}

function mistake(message: string): LockRequest {
  return {
    ok: false,
    message: `${message} Write \`for 45m\`, \`for 2h\` or \`for 1 day\` at the end, or put the reason in quotes.`,
  };
}
