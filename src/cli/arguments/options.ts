import { parseArgs } from 'node:util';
import { RedisopsError } from '../../domain/error.ts';

/** Options of every verb; `yes` replaces the approval. */
const COMMON = {
  repo: { type: 'string' },
  cluster: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Options of the verbs that list them. */
const OWN = {
  'give-up-keys': { type: 'string' },
  'lose-bytes': { type: 'string' },
  'lost-master': { type: 'boolean' },
  'accept-history': { type: 'boolean' },
  plan: { type: 'string' },
  'break-glass': { type: 'string' },
  export: { type: 'boolean' },
  file: { type: 'string' },
  reveal: { type: 'boolean' },
  only: { type: 'string' },
  for: { type: 'string' },
  format: { type: 'string' },
} as const;

export type OptionName = keyof typeof OWN;
export const OPTIONS: readonly OptionName[] = [
  'break-glass',
  'give-up-keys',
  'lose-bytes',
  'lost-master',
  'accept-history',
  'plan',
  'for',
  'format',
  'export',
  'file',
  'reveal',
  'only',
];

export type Words = ReturnType<typeof readWords>;
export type Values = Words['values'];

/** Splits options from other words. @throws USAGE */
export function readWords(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { ...COMMON, ...OWN } });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** Null if the option was not given. @throws USAGE for any other value. */
export function oneOf<T extends string>(
  option: OptionName,
  choices: readonly [T, ...T[]],
  given: string | undefined,
): T | null {
  if (given === undefined) return null;
  const choice = choices.find((each) => each === given);
  if (choice !== undefined) return choice;
  const last = choices.length === 2 ? choices.join(' or ') : choices.join(', ');
  throw usage(`--${option} takes ${last}`);
}

export function usage(message: string): RedisopsError {
  return new RedisopsError('USAGE', message, { hint: '`redisops help` shows how each command is used.' });
}
