import { RedisopsError } from '../../domain/error.ts';
import { readDuration, readLockRequest } from '../../domain/run/lock-request.ts';
import { readPauseWords } from '../../domain/words/pause-words.ts';
import { readFailoverWords } from '../../domain/run/failover-words.ts';
import { RENDERED_FILES, type RenderedFile } from '../../domain/rendered-file.ts';
import type { Asked, Common, Consent, Options, Verb } from './invocation.ts';
import { oneOf, usage, type OptionName, type Values } from './options.ts';

/** Words and options after the verb. */
interface Given {
  common: Common;
  operands: readonly string[];
  values: Values;
}

interface VerbEntry<V extends Verb> {
  /** As typed after `redisops`. */
  usage: string;
  summary: string;
  /** Besides the common ones. */
  options: readonly OptionName[];
  /** @throws USAGE */
  read(given: Given): Asked<V>;
}

/** Every verb, in the order of the help. */
export const VERBS: { readonly [V in Verb]: VerbEntry<V> } = {
  status: plain('status', 'Read every node and judge the cluster'),
  acknowledge: entry('acknowledge', {
    usage: 'acknowledge [--yes]',
    summary: 'End the report of restarts, lost data and suspected intrusions that status shows',
    options: [],
    own: (given) => ({ ...noOperand(given, 'acknowledge'), yes: given.values.yes ?? false }),
  }),
  plan: plain('plan', 'Show what Git would change on each node; exit status 2 when there is a difference'),
  apply: entry('apply', {
    usage: 'apply [--yes [--give-up-keys N] [--plan DIGEST]]',
    summary: 'Apply Git to the nodes, one at a time, and verify',
    options: ['break-glass', 'give-up-keys', 'plan'],
    own: (given) => ({ ...noOperand(given, 'apply'), ...consentOf(given) }),
  }),
  rollback: entry('rollback', {
    usage: 'rollback [RUN] [--yes [--give-up-keys N]]',
    summary: 'Restore the commit applied before the last one, or before a run',
    options: ['break-glass', 'give-up-keys'],
    own: (given) => ({ run: atMostOne(given, 'rollback'), ...consentOf(given) }),
  }),
  resync: entry('resync', {
    usage: 'resync NODE [--yes]',
    summary: 'Resynchronize a replica with its master',
    options: ['break-glass'],
    own: (given) => ({ node: oneNode(given, 'resync'), ...consentOf(given) }),
  }),
  purge: entry('purge', {
    usage: 'purge [NODE] [--yes]',
    summary: 'Remove RDB and AOF files that no running Redis uses',
    options: ['break-glass'],
    own: (given) => ({ node: atMostOne(given, 'purge'), ...consentOf(given) }),
  }),
  failover: entry('failover', {
    usage:
      'failover [--lost-master [--lose-bytes N] | --accept-history] [NODE] [--yes [--plan DIGEST] [--give-up-keys N]]',
    summary: 'Move the master’s role to another node, for good; without --yes: show the plan',
    options: ['break-glass', 'give-up-keys', 'plan', 'lost-master', 'accept-history', 'lose-bytes'],
    own: failoverOf,
  }),
  pause: entry('pause', {
    usage: 'pause DURATION REASON',
    summary: 'Hold automatic failover by Sentinel; each Sentinel’s host ends that by itself',
    options: ['break-glass'],
    own: pauseOf,
  }),
  resume: entry('resume', {
    usage: 'resume',
    summary: 'End a pause of automatic failover',
    options: ['break-glass'],
    own: (given) => ({ ...noOperand(given, 'resume'), ...consentOf(given) }),
  }),
  drain: entry('drain', {
    usage: 'drain HOST [--yes [--plan DIGEST]]',
    summary: 'Prepare a host for a reboot: its role goes to another node, and it takes none until `undrain`',
    options: ['break-glass', 'plan'],
    own: (given) => ({ node: oneNode(given, 'drain'), ...consentOf(given) }),
  }),
  undrain: entry('undrain', {
    usage: 'undrain HOST',
    summary: 'Let a drained host take a role again',
    options: ['break-glass'],
    own: (given) => ({ node: oneNode(given, 'undrain'), ...consentOf(given) }),
  }),
  drill: entry('drill', {
    usage: 'drill [planned] [--yes [--plan DIGEST]]',
    summary: 'Rehearse a planned switchover, and back, with a writer beside the clients; without --yes: show the plan',
    options: ['plan'],
    own: drillOf,
  }),
  verify: plain('verify', 'Check replication from both ends, and with a write'),
  doctor: plain('doctor', 'Look for causes of trouble, with evidence and remedy'),
  drift: plain('drift', 'Compare Git with files, running Redis, units and roles; exit status 2 when they differ'),
  history: plain('history', 'The last runs of this machine, and the failovers that the bot saw'),
  runs: plain('runs', 'The last runs of this machine'),
  run: entry('run', {
    usage: 'run show RUN',
    summary: 'Everything kept of one run or failover',
    options: [],
    own: ({ operands }) => {
      const [word, run, ...more] = operands;
      if (word !== 'show' || run === undefined || more.length > 0) throw usage('Write: redisops run show RUN');
      return { run };
    },
  }),
  audit: entry('audit', {
    usage: 'audit [--export]',
    summary: 'Who did what, and whether an entry was changed or cut; --export prints every entry as a line of JSON',
    options: ['export'],
    own: (given) => {
      if (given.values.export && given.common.json) throw usage('--json and --export cannot be combined');
      return { ...noOperand(given, 'audit'), export: given.values.export ?? false };
    },
  }),
  check: entry('check', {
    usage: 'check [--format text|github]',
    summary: 'Check the configuration repository, without touching a node; for GitHub: as annotations of a workflow',
    options: ['format'],
    own: checkOf,
  }),
  render: entry('render', {
    usage: 'render NODE [--file redis.conf|sentinel.conf|override.conf] [--reveal]',
    summary: 'Print the bytes that Git asks for',
    options: ['file', 'reveal'],
    own: (given) => {
      const { file, reveal = false } = given.values;
      const node = oneNode(given, 'render');
      return { node, file: oneOf<RenderedFile>('file', RENDERED_FILES, file) ?? 'redis.conf', reveal };
    },
  }),
  lock: entry('lock', {
    usage: 'lock REASON [--for 2h]',
    summary: 'Keep every run of the cluster from starting: same as `/redis lock`',
    options: ['for'],
    own: lockOf,
  }),
  unlock: plain('unlock', 'Unlock the cluster'),
  serve: entry('serve', {
    usage: 'serve [--only bot|worker]',
    summary: 'Run the bot and the worker',
    options: ['only'],
    own: (given) => ({ ...noOperand(given, 'serve'), only: oneOf('only', ['bot', 'worker'], given.values.only) }),
  }),
};

function entry<V extends Verb>(
  verb: V,
  { own, ...described }: Omit<VerbEntry<V>, 'read'> & { own: (given: Given) => Options[V] },
): VerbEntry<V> {
  return { ...described, read: (given) => ({ verb, ...given.common, ...own(given) }) };
}

/** A verb with no options of its own. */
function plain<V extends 'status' | 'plan' | 'verify' | 'doctor' | 'drift' | 'history' | 'runs' | 'unlock'>(
  verb: V,
  summary: string,
): VerbEntry<V> {
  return { usage: verb, summary, options: [], read: (given) => ({ verb, ...given.common, ...noOperand(given, verb) }) };
}

function noOperand({ operands }: Given, verb: Verb): object {
  if (operands.length > 0) throw tooMuch(verb);
  return {};
}

function atMostOne({ operands }: Given, verb: Verb): string | null {
  if (operands.length > 1) throw tooMuch(verb);
  return operands[0] ?? null;
}

function oneNode(given: Given, verb: Verb): string {
  const node = atMostOne(given, verb);
  if (!node) throw usage(`A node is missing: redisops ${VERBS[verb].usage}`);
  return node;
}

function consentOf({ values }: Given): Consent {
  const { yes = false, 'break-glass': breakGlass = null, 'give-up-keys': keys = '0', plan } = values;
  if (breakGlass?.trim() === '') throw usage('--break-glass needs a reason');
  if (!/^\d{1,15}$/.test(keys)) throw usage('--give-up-keys takes a number');
  if (plan !== undefined && !/^[\da-f]{12,64}$/.test(plan)) throw usage('--plan takes the digest that `plan` shows');
  return { yes, giveUpKeys: Number(keys), breakGlass, ...(plan === undefined ? {} : { plan }) };
}

function failoverOf(given: Given): Options['failover'] {
  const { 'lost-master': lost = false, 'accept-history': accept = false, 'lose-bytes': loss = '0' } = given.values;
  if (lost && accept) throw usage('--lost-master and --accept-history cannot be combined');
  const asked = readFailoverWords([
    ...(lost ? ['lost-master'] : []),
    ...(accept ? ['accept-history'] : []),
    ...given.operands,
  ]);
  if (!/^\d{1,15}$/.test(loss)) throw usage('--lose-bytes takes a number');
  const node = atMostOne({ ...given, operands: asked.rest }, 'failover');
  if (asked.needsNode && node === null) throw usage(`A node is missing: redisops ${VERBS.failover.usage}`);
  return { ...consentOf(given), mode: asked.mode, node, loseBytes: Number(loss) };
}

function drillOf(given: Given): Options['drill'] {
  const scenario = atMostOne(given, 'drill') ?? 'planned';
  if (scenario === 'kill')
    throw new RedisopsError('NOT_AVAILABLE_YET', 'drill kill is not available yet.', {
      hint: '`drill planned` rehearses a planned switchover.',
    });
  if (scenario !== 'planned') throw usage(`Unknown scenario. Usage: redisops ${VERBS.drill.usage}`);
  return consentOf(given);
}

function pauseOf(given: Given): Options['pause'] {
  const asked = readPauseWords(given.operands);
  if (!asked.ok) throw usage(`${asked.message} Usage: redisops ${VERBS.pause.usage}`);
  const { forMs, reason } = asked;
  return { ...consentOf(given), forMs, reason };
}

function checkOf(given: Given): Options['check'] {
  const format = oneOf('format', ['text', 'github'], given.values.format) ?? 'text';
  if (format === 'github' && given.common.json) throw usage('--json and --format github cannot be combined');
  return { ...noOperand(given, 'check'), format };
}

function lockOf({ operands, values: { for: duration } }: Given): Options['lock'] {
  const request = readLockRequest(operands);
  if (!request.ok) throw usage(`${request.message} Usage: redisops ${VERBS.lock.usage}`);
  const { reason, forMs } = request;
  if (duration === undefined) return { reason, forMs };
  if (forMs !== null) throw usage('The duration is given twice');
  const asked = readDuration(duration);
  if (asked === null) throw usage('--for takes a duration like 45m, 2h or 1d, of at most 90 days');
  return { reason, forMs: asked };
}

function tooMuch(verb: Verb): Error {
  return usage(`Unexpected arguments: redisops ${VERBS[verb].usage}`);
}
