import { directiveKind } from '../../domain/redis/directive-kind.ts';
import {
  DIRECTIVES,
  REPEATED_DIRECTIVES,
  SECRET_DIRECTIVES,
  canonicalName,
  directiveInfo,
} from '../../domain/redis/directives.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import { splitArguments } from '../../domain/text/arguments.ts';
import { directiveMistake } from '../directives/directive-mistake.ts';
import { logFileMistake } from '../directives/log-file.ts';
import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { bad, good, readText, type Read } from './variable-value.ts';
import { isNothing, type Entry, type Value } from '../yaml/value.ts';

/** A directive requested in Git: one line of redis.conf. */
export interface WantedDirective {
  /** Canonical. */
  name: string;
  parameters: readonly string[];
}

/** Directives that have their own variable, or belong to redisops or the unit; with what to do instead. */
const OWNED: Readonly<Record<string, string>> = {
  replicaof: 'roles are observed; redis_master_host nominates the first master',
  requirepass: 'use redis_password',
  masterauth: 'use redis_masterauth',
  dir: 'use redis_dir',
  port: 'use redis_port',
  bind: 'use redis_bind',
  maxmemory: 'use redis_maxmemory',
  'maxmemory-policy': 'use redis_maxmemory_policy',
  'repl-backlog-size': 'use redis_repl_backlog_size',
  'repl-diskless-sync': 'use redis_repl_diskless_sync',
  daemonize: 'the systemd unit owns it',
  supervised: 'the systemd unit owns it',
  pidfile: 'the systemd unit owns it',
  include: 'what another file says cannot be planned; put its directives here',
  'rename-command': 'redisops needs the commands by their names',
  'cluster-enabled': 'Redis Cluster is not replication; redisops does not manage it',
};

/** The directives under `redis_config`, one per line of redis.conf. @param folder The data directory. */
export function readDirectives(
  entry: Entry | undefined,
  folder: string,
  problems: Problems,
): readonly WantedDirective[] {
  if (!entry || isNothing(entry.value)) return [];
  if (entry.value.kind !== 'mapping') {
    problems.add(entry.value.at, 'redis_config must be a mapping of directives to values');
    return [];
  }
  const seen = new Map<string, string>();
  const wanted = [...entry.value.entries].flatMap(([written, each]) => {
    if (problems.enough) return [];
    const name = canonicalName(written);
    const twin = seen.get(name);
    if (twin !== undefined) problems.add(each.at, `${quoted(written)} is ${quoted(twin)} by another name`);
    seen.set(name, written);
    return readDirective(written, name, each, folder, problems);
  });
  const users = entry.value.entries.get('user');
  if (users && wanted.some(({ name }) => name === 'aclfile'))
    problems.add(users.at, 'Redis does not start with both user and aclfile');
  return wanted;
}

function readDirective(
  written: string,
  name: string,
  { at, value }: Entry,
  folder: string,
  problems: Problems,
): readonly WantedDirective[] {
  const refusal = refusalOf(written, name, value);
  if (refusal !== null) {
    problems.add(at, refusal);
    return [];
  }
  const lines = value.kind === 'sequence' ? value.items : [value];
  return lines.flatMap((line) => {
    const read = readParameters(name, line, folder);
    if (read.ok) return [{ name, parameters: read.value }];
    problems.add(line.at, `${name} ${read.message}`);
    return [];
  });
}

function refusalOf(written: string, name: string, value: Value): string | null {
  // A redis.conf line in place of a name (`requirepass word:`) may contain a secret.
  const [first = '', ...more] = written.trim().split(/\s+/);
  if (more.length > 0) return `${quoted(first)} has more behind it: a value stands behind the colon`;
  if (!directiveInfo(name))
    return `Redis 7 knows no directive ${quoted(written)}.${didYouMean(written, Object.keys(DIRECTIVES))}`;
  const owner = Object.hasOwn(OWNED, name) ? OWNED[name] : undefined;
  if (owner !== undefined) return `${name} does not belong under redis_config: ${owner}`;
  if (value.kind === 'sequence' && !REPEATED_DIRECTIVES.has(name)) return `${name} takes one value, not a list`;
  if (value.kind === 'sequence' && value.items.length === 0) return `${name} has an empty list`;
  if (value.kind === 'vaulted' && !SECRET_DIRECTIVES.has(name))
    return `${name} is vaulted, but plans and reports show it: write it plainly`;
  return null;
}

function readParameters(name: string, value: Value, folder: string): Read<readonly string[]> {
  const text = readText(value);
  if (!text.ok) return text;
  const split = text.value.trim() === '' ? [''] : splitArguments(text.value);
  const several = directiveKind(name).kind === 'words';
  if (several && (split === null || split.length === 0)) return bad('has quotes that are not closed');
  // A single value may be quoted as in redis.conf, or plain.
  const parameters = several || split?.length === 1 ? (split ?? []) : [text.value];
  const mistake =
    directiveMistake(name, parameters) ?? (name === 'logfile' ? logFileMistake(parameters[0] ?? '', folder) : null);
  if (mistake === null) return good(parameters);
  const hidden =
    SECRET_DIRECTIVES.has(name) || value.kind === 'vaulted' || (value.kind === 'scalar' && value.confidential);
  return bad(hidden ? mistake : `${mistake}, not ${quoted(text.value)}`);
}
