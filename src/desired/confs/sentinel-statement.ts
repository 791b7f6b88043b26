import { didYouMean } from '../../domain/text/nearest.ts';
import { quoted } from '../../jinja/index.ts';

/** Number of words after the statement’s name, and whether the first is a master’s name. */
interface Statement {
  words: readonly number[];
  ofMaster?: true;
  check?: (words: readonly string[]) => string | null;
}

const flag = ([word = '']: readonly string[]): string | null =>
  /^(?:yes|no)$/i.test(word) ? null : 'must be yes or no';

const milliseconds =
  (least: number) =>
  ([, word = '']: readonly string[]): string | null =>
    /^\d{1,15}$/.test(word) && Number(word) >= least ? null : `must be milliseconds, at least ${least}`;

function monitor([, , port = '', quorum = '']: readonly string[]): string | null {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return 'must have a port of at most 65535';
  return /^\d{1,9}$/.test(quorum) && Number(quorum) > 0 ? null : 'must have a quorum of at least 1';
}

const OF_MASTER: Statement = { words: [2], ofMaster: true };

/** Statements accepted by Sentinel of Redis 7.0 (sentinel.c: sentinelHandleConfiguration). */
const STATEMENTS: Readonly<Record<string, Statement>> = {
  monitor: { words: [4], check: monitor },
  'down-after-milliseconds': { ...OF_MASTER, check: milliseconds(1) },
  'failover-timeout': { ...OF_MASTER, check: milliseconds(1) },
  'master-reboot-down-after-period': { ...OF_MASTER, check: milliseconds(0) },
  'parallel-syncs': OF_MASTER,
  'notification-script': OF_MASTER,
  'client-reconfig-script': OF_MASTER,
  'auth-pass': OF_MASTER,
  'auth-user': OF_MASTER,
  'config-epoch': OF_MASTER,
  'leader-epoch': OF_MASTER,
  'known-slave': { words: [3], ofMaster: true },
  'known-replica': { words: [3], ofMaster: true },
  'known-sentinel': { words: [3, 4], ofMaster: true },
  'rename-command': { words: [3], ofMaster: true },
  'current-epoch': { words: [1] },
  myid: { words: [1], check: ([word = '']) => (word.length === 40 ? null : 'must be 40 letters') },
  'announce-ip': { words: [1] },
  'announce-port': { words: [1] },
  'deny-scripts-reconfig': { words: [1], check: flag },
  'resolve-hostnames': { words: [1], check: flag },
  'announce-hostnames': { words: [1], check: flag },
  'sentinel-user': { words: [1] },
  'sentinel-pass': { words: [1] },
};

/** What is wrong with `sentinel NAME …`; null if valid. Does not show words, which may be a password. */
export function statementMistake(name: string, words: readonly string[], masters: ReadonlySet<string>): string | null {
  const statement = Object.hasOwn(STATEMENTS, name) ? STATEMENTS[name] : undefined;
  if (!statement)
    return `prints sentinel ${quoted(name)}, which Sentinel 7 does not know.${didYouMean(name, Object.keys(STATEMENTS))}`;
  if (!statement.words.includes(words.length))
    return `prints sentinel ${name} with ${words.length} words behind it; it takes ${statement.words.join(' or ')}`;
  const mistake = statement.check?.(words) ?? null;
  if (mistake !== null) return `prints sentinel ${name}, which ${mistake}`;
  return statement.ofMaster && !masters.has(words[0] ?? '')
    ? `prints sentinel ${name} of a master that no line monitors`
    : null;
}
