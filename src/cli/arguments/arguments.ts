import { RedisopsError } from '../../domain/error.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import type { Invocation, Verb } from './invocation.ts';
import { OPTIONS, readWords, usage, type Values } from './options.ts';
import { VERBS } from './verbs.ts';

const NAMES = Object.keys(VERBS);

/** Parses the command line. @throws USAGE, UNKNOWN_COMMAND or NOT_AVAILABLE_YET; all mean exit status 64. */
export function parseInvocation(argv: readonly string[]): Invocation {
  const { values, positionals } = readWords(argv);
  const [word, ...operands] = positionals;
  if (values.version) return { verb: 'version' };
  if (values.help || word === undefined || word === 'help') return { verb: 'help' };
  const verb = verbOf(word);
  refuseForeign(verb, values);
  const { repo = '.', cluster, json = false } = values;
  return VERBS[verb].read({ common: { repo, repoGiven: values.repo !== undefined, cluster, json }, operands, values });
}

function verbOf(word: string): Verb {
  if (isVerb(word)) return word;
  const shown = word.slice(0, 40);
  throw new RedisopsError('UNKNOWN_COMMAND', `There is no command “${shown}”.${didYouMean(word, NAMES)}`, {
    hint: '`redisops help` lists the commands.',
  });
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

/** An option of another verb is a mistake, and must not be ignored. */
function refuseForeign(verb: Verb, values: Values): void {
  const foreign = OPTIONS.find((option) => values[option] !== undefined && !VERBS[verb].options.includes(option));
  if (foreign === undefined) return;
  const takers = Object.entries(VERBS).filter(([, { options }]) => options.includes(foreign));
  throw usage(`--${foreign} is for ${takers.map(([name]) => name).join(', ')}`);
}
