import type { FailoverMode } from '../goal.ts';

/** What a person asked for: `lost-master to redis-02`. */
export interface FailoverWords {
  mode: FailoverMode;
  /** The words that are left: a node’s name, or none. */
  rest: readonly string[];
  /** Whether a node must be named: after `to`, and where its history is accepted. */
  needsNode: boolean;
}

const MODES: readonly FailoverMode[] = ['lost-master', 'accept-history'];

/** Reads the words after `failover`, in chat and on the command line: `[lost-master|accept-history] [to] [NODE]`. */
export function readFailoverWords(words: readonly string[]): FailoverWords {
  const mode = MODES.find((each) => each === words[0]?.toLowerCase());
  const named = mode ? words.slice(1) : words;
  const isTo = named[0]?.toLowerCase() === 'to';
  const rest = isTo ? named.slice(1) : named;
  return { mode: mode ?? 'planned', rest, needsNode: isTo || mode === 'accept-history' };
}
