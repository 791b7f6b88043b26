import { parseArgs } from 'node:util';
import { RedisopsError } from '../domain/error.ts';
import { LONGEST_REASON, readDuration } from '../domain/run/lock.ts';
import { didYouMean } from '../domain/nearest.ts';
import { RENDERED_FILES, type RenderedFile } from '../domain/rendered-file.ts';

export const VERBS = {
  status: { usage: 'status', summary: 'Read every node and judge the cluster' },
  plan: { usage: 'plan', summary: 'Show what Git would change on each node; exit status 2 when there is a difference' },
  apply: {
    usage: 'apply [--yes [--give-up-keys N]]',
    summary: 'Make the nodes as Git asks, one at a time, and verify',
  },
  resync: { usage: 'resync NODE [--yes]', summary: 'Synchronise a replica with its master again' },
  purge: { usage: 'purge [NODE] [--yes]', summary: 'Remove RDB and AOF files that no running Redis uses' },
  verify: { usage: 'verify', summary: 'Prove replication from both ends, and by a write' },
  doctor: { usage: 'doctor', summary: 'Look for causes of trouble, with evidence and remedy' },
  drift: {
    usage: 'drift',
    summary: 'Compare Git with files, running Redis, units and roles; exit status 2 when they differ',
  },
  history: { usage: 'history', summary: 'The last runs of this machine' },
  check: {
    usage: 'check [--format text|github]',
    summary: 'Check the configuration repository, without touching a node; for GitHub: as annotations of a workflow',
  },
  render: {
    usage: 'render NODE [--file redis.conf|sentinel.conf|override.conf] [--reveal]',
    summary: 'Print the bytes that Git asks for',
  },
  lock: { usage: 'lock REASON [--for 2h]', summary: 'Let no run of the cluster start: the lock of `/redis lock`' },
  unlock: { usage: 'unlock', summary: 'Let runs of the cluster start again' },
  serve: { usage: 'serve [--only bot|worker]', summary: 'Run the bot and the worker' },
} as const;

export type Verb = keyof typeof VERBS;

const CHANGING: readonly Verb[] = ['apply', 'resync', 'purge'];

const NOT_YET = ['failover', 'rollback'];

export interface Invocation {
  verb: Verb | 'help' | 'version';
  /** The node of `resync`, `render` and `purge`. */
  node: string | null;
  repo: string;
  /** Whether --repo was given. */
  repoGiven: boolean;
  cluster: string | undefined;
  json: boolean;
  yes: boolean;
  /** How many keys a plan may give up that nobody is asked about. */
  giveUpKeys: number;
  file: RenderedFile;
  reveal: boolean;
  only: 'bot' | 'worker' | null;
  /** Of `lock`. */
  reason: string | null;
  /** Of `lock`: `2h`. */
  duration: string | null;
  /** Why a freeze is broken. */
  breakGlass: string | null;
  /** Of `check`. */
  format: 'text' | 'github';
}

/**
 * Reads the command line.
 * @throws USAGE, UNKNOWN_COMMAND or NOT_AVAILABLE_YET; all mean exit status 64.
 */
export function parseInvocation(argv: readonly string[]): Invocation {
  const { values, positionals } = parse(argv);
  const [word, ...operands] = positionals;
  const invocation = {
    repo: values.repo ?? '.',
    repoGiven: values.repo !== undefined,
    cluster: values.cluster,
    json: values.json ?? false,
    yes: values.yes ?? false,
    giveUpKeys: numberOf(values['give-up-keys']),
    file: fileOf(values.file),
    reveal: values.reveal ?? false,
    only: onlyOf(values.only),
    node: null,
    reason: null,
    duration: null,
    breakGlass: values['break-glass'] ?? null,
    format: formatOf(values.format),
  };
  if (values.version) return { ...invocation, verb: 'version' };
  if (values.help || word === undefined || word === 'help') return { ...invocation, verb: 'help' };
  const verb = verbOf(word);
  if (invocation.breakGlass !== null && !CHANGING.includes(verb))
    throw usage(`--break-glass is for ${CHANGING.join(', ')}`);
  if (invocation.breakGlass?.trim() === '') throw usage('--break-glass wants a reason');
  if (values['give-up-keys'] !== undefined && verb !== 'apply') throw usage('--give-up-keys is for apply');
  if (values.for !== undefined && verb !== 'lock') throw usage('--for is for lock');
  if (values.format !== undefined && verb !== 'check') throw usage('--format is for check');
  if (invocation.format === 'github' && invocation.json) throw usage('--json and --format github exclude each other');
  if (verb === 'lock') return { ...invocation, verb, ...lockOf(operands, values.for ?? null) };
  return { ...invocation, verb, node: nodeOf(verb, operands) };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        repo: { type: 'string' },
        cluster: { type: 'string' },
        json: { type: 'boolean' },
        yes: { type: 'boolean' },
        'give-up-keys': { type: 'string' },
        file: { type: 'string' },
        reveal: { type: 'boolean' },
        only: { type: 'string' },
        for: { type: 'string' },
        format: { type: 'string' },
        'break-glass': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function verbOf(word: string): Verb {
  if (isVerb(word)) return word;
  if (NOT_YET.includes(word))
    throw new RedisopsError('NOT_AVAILABLE_YET', `${word} is not available yet.`, {
      hint: '`redisops help` lists what is.',
    });
  const shown = word.slice(0, 40);
  throw new RedisopsError('UNKNOWN_COMMAND', `There is no command “${shown}”.${didYouMean(word, Object.keys(VERBS))}`, {
    hint: '`redisops help` lists the commands.',
  });
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

function nodeOf(verb: Verb, operands: readonly string[]): string | null {
  const wantsNode = verb === 'resync' || verb === 'render';
  const mayName = wantsNode || verb === 'purge';
  if (operands.length > (mayName ? 1 : 0)) throw usage(`Too much was given: redisops ${VERBS[verb].usage}`);
  const [node = null] = operands;
  if (!wantsNode) return node;
  if (!node) throw usage(`A node is missing: redisops ${VERBS[verb].usage}`);
  return node;
}

function lockOf(operands: readonly string[], duration: string | null): Pick<Invocation, 'reason' | 'duration'> {
  const reason = operands.join(' ').trim();
  if (reason === '') throw usage(`A reason is missing: redisops ${VERBS.lock.usage}`);
  if (reason.length > LONGEST_REASON) throw usage(`A reason has at most ${LONGEST_REASON} characters`);
  if (duration !== null && readDuration(duration) === null)
    throw usage('--for takes a time like 45m, 2h or 1d, of at most 90 days');
  return { reason, duration };
}

function fileOf(value = 'redis.conf'): RenderedFile {
  const file = RENDERED_FILES.find((each) => each === value);
  if (file) return file;
  throw usage(`--file takes ${RENDERED_FILES.join(', ')}`);
}

function formatOf(value = 'text'): 'text' | 'github' {
  if (value === 'text' || value === 'github') return value;
  throw usage('--format takes text or github');
}

function numberOf(value = '0'): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw usage('--give-up-keys takes a number');
}

function onlyOf(value: string | undefined): 'bot' | 'worker' | null {
  if (value === undefined) return null;
  if (value === 'bot' || value === 'worker') return value;
  throw usage('--only takes bot or worker');
}

function usage(message: string): RedisopsError {
  return new RedisopsError('USAGE', message, { hint: '`redisops help` shows how each command is used.' });
}
