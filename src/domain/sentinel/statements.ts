import { splitArguments } from '../text/arguments.ts';

/** One line of sentinel.conf. */
export interface Statement {
  /** In lower case; with its first word for `sentinel …`: `sentinel monitor`, `port`. */
  name: string;
  words: readonly string[];
  text: string;
  /** From 1. */
  line: number;
}

/** Lines with unclosed quotes, which Sentinel refuses too, are dropped. */
export function statementsOf(text: string): readonly Statement[] {
  return text.split('\n').flatMap((each, at): Statement[] => {
    const [first, ...rest] = splitArguments(each) ?? [];
    if (first === undefined) return [];
    const directive = first.toLowerCase();
    if (directive !== 'sentinel') return [{ name: directive, words: rest, text: each, line: at + 1 }];
    const [word, ...words] = rest;
    return [{ name: `sentinel ${word?.toLowerCase() ?? ''}`, words, text: each, line: at + 1 }];
  });
}

/** Lines with unclosed quotes, from 1. */
export function unreadableLines(text: string): readonly number[] {
  return text.split('\n').flatMap((each, at) => (splitArguments(each) === null ? [at + 1] : []));
}

/** What Sentinel writes itself (sentinel.c, rewriteConfigSentinelOption). */
const STATE: ReadonlySet<string> = new Set(['sentinel myid', 'sentinel current-epoch']);
const STATE_OF_MASTER: ReadonlySet<string> = new Set([
  'sentinel config-epoch',
  'sentinel leader-epoch',
  'sentinel known-slave',
  'sentinel known-replica',
  'sentinel known-sentinel',
]);

/** Whether the statement is state: of Sentinel itself, or of one of these masters. */
export function isSentinelState({ name, words }: Statement, masters: ReadonlySet<string>): boolean {
  return STATE.has(name) || (STATE_OF_MASTER.has(name) && masters.has(words[0] ?? ''));
}
