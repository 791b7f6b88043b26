import { RedisopsError } from '../src/domain/error.ts';
import { didYouMean } from '../src/domain/nearest.ts';

/** What stands after `/redis`, read. */
export interface ReadText {
  /** Lower case; null for an empty text. */
  verb: string | null;
  operands: readonly string[];
  cluster: string | undefined;
}

const MOST_CHARACTERS = 500;
const NAME = /^[a-z0-9_][a-z0-9_.-]{0,62}$/i;
const OPTIONS = ['--cluster'];
/** Word processors and phones make them of `"`, `'` and backticks. */
const QUOTES = /^["'`“”„‟‘’‚‛«»]+|["'`“”„‟‘’‚‛«»]+$/gu;
const DASHES = /^(?:[—–]|--)(?=[a-z])/iu;

/**
 * Reads the text of a command: words between white space, an option for the cluster, nothing that would have to be
 * quoted anywhere.
 * @throws USAGE
 */
export function readText(text: string): ReadText {
  if (text.length > MOST_CHARACTERS) throw usage(`A command has at most ${MOST_CHARACTERS} characters.`);
  const words = text
    .split(/\s+/u)
    .map((word) => word.replace(QUOTES, '').replace(DASHES, '--'))
    .filter((word) => word !== '');
  const { rest, cluster } = withoutCluster(words);
  const [verb, ...operands] = rest;
  return { verb: verb?.toLowerCase() ?? null, operands, cluster };
}

/** @throws USAGE where there is an operand. */
export function noOperands(operands: readonly string[], usageText: string): void {
  if (operands.length > 0) throw usage(`Too much was given: “${shown(operands.join(' '))}”.`, usageText);
}

/** @throws USAGE where there is not exactly one, or it cannot be a node’s name. */
export function oneNode(operands: readonly string[], usageText: string): string {
  const [node, ...more] = operands;
  if (node === undefined) throw usage('The node is missing.', usageText);
  noOperands(more, usageText);
  if (!NAME.test(node)) throw usage(`“${shown(node)}” cannot be a node’s name.`, usageText);
  return node;
}

/** What a person typed, short enough to be said back. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

function withoutCluster(words: readonly string[]): { rest: readonly string[]; cluster: string | undefined } {
  const rest: string[] = [];
  const clusters: (string | undefined)[] = [];
  const [last, preposition] = [words.at(-1), words.at(-2)];
  const isPhrase = words.length >= 3 && preposition?.toLowerCase() === 'in';
  const plain = isPhrase ? words.slice(0, -2) : words;
  if (isPhrase) clusters.push(last);
  for (let at = 0; at < plain.length; at += 1) {
    const word = plain[at] ?? '';
    const [option = '', value] = word.split(/=(.*)/su, 2);
    if (!word.startsWith('--')) rest.push(word);
    else if (option.toLowerCase() !== '--cluster') throw unknownOption(option);
    else if (value === undefined) clusters.push(plain[(at += 1)]);
    else clusters.push(value);
  }
  if (clusters.length > 1) throw usage('The cluster was given twice.');
  if (clusters.length === 0) return { rest, cluster: undefined };
  const [cluster = ''] = clusters;
  if (!NAME.test(cluster)) throw usage(`“${shown(cluster)}” cannot be a cluster’s name.`, '/redis … --cluster NAME');
  return { rest, cluster };
}

function unknownOption(option: string): RedisopsError {
  return usage(`There is no option “${shown(option)}”.${didYouMean(option, OPTIONS)}`);
}

function usage(message: string, usageText?: string): RedisopsError {
  const hint = usageText === undefined ? '`/redis help` lists the commands.' : `Write \`${usageText}\`.`;
  return new RedisopsError('USAGE', message, { hint });
}
