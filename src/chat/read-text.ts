import { trimmed } from '../domain/text/trim.ts';
import { RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/text/nearest.ts';

/** The parsed text after `/redis`. */
export interface ReadText {
  /** Lower case; null for empty text. */
  verb: string | null;
  operands: readonly string[];
  cluster: string | undefined;
  /** `--break-glass "why"`. */
  breakGlass?: string | undefined;
}

const MOST_CHARACTERS = 500;
const NAME = /^[a-z0-9_][a-z0-9_.-]{0,62}$/i;
const OPTIONS = ['--cluster', '--break-glass'];
/** Word processors and phones turn `"`, `'` and backticks into these. */
const QUOTES = `"'\`“”„‟‘’‚‛«»`;
/** Several words in double quotes, unless they are the whole text: one operand. */
const QUOTED = /(?<=\S\s+|=)["“”„‟«»]([^"“”„‟«»]*\s[^"“”„‟«»]*)["“”„‟«»](?=\s|$)/u;
/** Empty quotes are an operand too. */
const NOTHING = /^(?:""|''|“”|„“|‘’|«»)$/u;
/** Placeholders during splitting; not on any keyboard. */
const PLACE = '\uE000';
const EMPTY = '\uE001';
const DASHES = /^(?:[—–]|--)(?=[a-z])/iu;

/** Parses a command’s text: words, one quoted text of several words, options. @throws USAGE */
export function readText(text: string): ReadText {
  if (text.length > MOST_CHARACTERS) throw usage(`A command has at most ${MOST_CHARACTERS} characters.`);
  const quoted = QUOTED.exec(text)?.[1]?.trim().replaceAll(/\s+/gu, ' ') ?? '';
  const words = text
    .replaceAll(/[\uE000\uE001]/gu, '')
    .replace(QUOTED, quoted === '' ? '' : PLACE)
    .split(/\s+/u)
    .map((word) => (NOTHING.test(word) ? EMPTY : trimmed(word, QUOTES).replace(DASHES, '--')))
    .filter((word) => word !== '');
  const { rest, cluster, breakGlass } = withoutOptions(words);
  const [verb, ...operands] = rest.map((word) => unquoted(word, quoted));
  return {
    verb: verb?.toLowerCase() ?? null,
    operands,
    cluster,
    ...(breakGlass === undefined ? {} : { breakGlass: unquoted(breakGlass, quoted) }),
  };
}

/** @throws USAGE if there is an operand. */
export function noOperands(operands: readonly string[], usageText: string): void {
  if (operands.length > 0) throw usage(`Unexpected arguments: “${shortened(operands.join(' '))}”.`, usageText);
}

/** @throws USAGE unless there is exactly one, a valid node name. */
export function oneNode(operands: readonly string[], usageText: string): string {
  const [node, ...more] = operands;
  if (node === undefined) throw usage('The node is missing.', usageText);
  noOperands(more, usageText);
  if (!NAME.test(node)) throw usage(`“${shortened(node)}” is not a valid node name.`, usageText);
  return node;
}

/** @throws USAGE unless it is a valid cluster name. */
export function clusterName(text: string): string {
  if (!NAME.test(text)) throw usage(`“${shortened(text)}” is not a valid cluster name.`, '/redis … --cluster NAME');
  return text;
}

/** User input, short enough to repeat in a message. */
export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

function unquoted(word: string, quoted: string): string {
  return word === PLACE ? quoted : word === EMPTY ? '' : word;
}

interface Options {
  rest: readonly string[];
  cluster: string | undefined;
  breakGlass: string | undefined;
}

function withoutOptions(words: readonly string[]): Options {
  const rest: string[] = [];
  const clusters: (string | undefined)[] = [];
  const reasons: (string | undefined)[] = [];
  const [last, preposition] = [words.at(-1), words.at(-2)];
  const isPhrase = words.length >= 3 && preposition?.toLowerCase() === 'in';
  const plain = isPhrase ? words.slice(0, -2) : words;
  if (isPhrase) clusters.push(last);
  for (let at = 0; at < plain.length; at += 1) {
    const word = plain[at] ?? '';
    const [option = '', value] = word.split(/=(.*)/su, 2);
    if (!word.startsWith('--')) {
      rest.push(word);
      continue;
    }
    if (!OPTIONS.includes(option.toLowerCase())) throw unknownOption(option);
    const values = option.toLowerCase() === '--cluster' ? clusters : reasons;
    values.push(value ?? plain[(at += 1)]);
  }
  if (clusters.length > 1) throw usage('The cluster is given twice.');
  if (reasons.length > 1) throw usage('The reason is given twice.');
  return { rest, cluster: clusterOf(clusters), breakGlass: reasonOf(reasons) };
}

function clusterOf(given: readonly (string | undefined)[]): string | undefined {
  if (given.length === 0) return undefined;
  const [cluster = ''] = given;
  return clusterName(cluster);
}

function reasonOf(given: readonly (string | undefined)[]): string | undefined {
  if (given.length === 0) return undefined;
  const [reason = ''] = given;
  if (trimmed(reason, QUOTES) === '') throw usage('The reason is missing.', '/redis … --break-glass "why"');
  return reason;
}

function unknownOption(option: string): RedisopsError {
  return usage(`There is no option “${shortened(option)}”.${didYouMean(option, OPTIONS)}`);
}

function usage(message: string, usageText?: string): RedisopsError {
  const hint = usageText === undefined ? '`/redis help` lists the commands.' : `Write \`${usageText}\`.`;
  return new RedisopsError('USAGE', message, { hint });
}
