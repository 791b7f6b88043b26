import { LONGEST_REASON } from '../run/lock.ts';
import { readDuration } from '../run/lock-request.ts';
import { LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS } from '../sentinel/pause.ts';

export type PauseWords = { ok: true; forMs: number; reason: string } | { ok: false; message: string };

const MOST_WORDS = 5;

/** Reads the words after `pause`, in chat and on the command line: `DURATION REASON`. */
export function readPauseWords(words: readonly string[]): PauseWords {
  const given = words
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const rest = given[0]?.toLowerCase() === 'for' ? given.slice(1) : given;
  const sizes = Array.from({ length: Math.min(MOST_WORDS, rest.length) }, (_, at) => at + 1).toReversed();
  const size = sizes.find((each) => readDuration(rest.slice(0, each).join(' ')) !== null);
  const forMs = size === undefined ? null : readDuration(rest.slice(0, size).join(' '));
  if (size === undefined || forMs === null) return mistake('A duration comes first, such as 30m, 2h or 1h30m.');
  if (forMs < SHORTEST_PAUSE_MS || forMs > LONGEST_PAUSE_MS)
    return mistake('A pause lasts from 1 minute to 24 hours. Pause again before it ends to go on.');
  const reason = rest.slice(size).join(' ');
  if (reason === '') return mistake('A reason is missing: everyone who sees the pause reads it.');
  if (reason.length > LONGEST_REASON) return mistake(`A reason has at most ${LONGEST_REASON} characters.`);
  return { ok: true, forMs, reason };
}

function mistake(message: string): PauseWords {
  return { ok: false, message };
}
