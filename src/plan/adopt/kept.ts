import { defaultOf } from '../../domain/server/defaults.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { presentConf, type NodeFacts, type ReachableNode, type RedisUp } from '../../domain/facts.ts';
import { fileOrigin } from '../../domain/file-origin.ts';
import { loadedFiles } from '../../domain/redis/data-file.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import { DECIDED_BY_UNIT, SECRET_DIRECTIVES, valueIn } from '../../domain/redis/directives.ts';
import { confLine, keptLines } from '../../domain/redis/kept-lines.ts';
import type { ConfLine, RedisConf } from '../../domain/redis/redis-conf.ts';
import { placeOf, serverOf } from '../../domain/server/server.ts';
import { includedValues } from './included.ts';
import { neededValue } from './needed.ts';

/** Roles are observed; the port and password are those by which the node was reached. */
const NEVER_KEPT: ReadonlySet<string> = new Set(['replicaof', 'requirepass', 'port', ...DECIDED_BY_UNIT]);

/**
 * Where data is stored, how it is persisted and who can reach it: changed only if Git asks for a change, not when Git
 * stops mentioning them.
 */
const GUARDED: readonly string[] = [
  'appenddirname',
  'appendfilename',
  'appendonly',
  'bind',
  'dbfilename',
  'dir',
  'protected-mode',
  'save',
];

/** Lowered by the machine’s limits: the running value is not the requested one. */
const IN_FILE_ONLY: ReadonlySet<string> = new Set(['maxclients']);

/** Git, the node’s own file and the running values, as far as available. */
interface Sources {
  asked: RedisConf;
  unsaid: ReadonlySet<string>;
  present: RedisConf | null;
  redis: RedisUp | null;
}

/**
 * Settings that a node keeps because Git does not mention them. On a node already in use, redisops changes nothing
 * unasked; in a file of its own it keeps what it kept before, and whatever guards the data.
 */
export function keptBy(node: DesiredNode, facts: NodeFacts, desired: DesiredCluster): readonly ConfLine[] {
  const { unsaid } = node;
  if (!unsaid || !facts.reachable || facts.redis.state === 'unreadable') return [];
  const redis = facts.redis.state === 'up' ? facts.redis : null;
  const present = presentConf(facts.host, node.redisConf);
  const sources = { asked: node.redisConf.content, unsaid, present, redis };
  const origin = fileOrigin(node.redisConf, facts.host);
  const kept = origin === 'redisops' ? keptBefore(sources) : isInUse(facts, node) ? foundThere(sources) : [];
  const patterns = kept.flatMap(({ name, parameters }) => (name === 'include' ? parameters : []));
  const others = includedValues(patterns, facts.host);
  return kept
    .flatMap((line) => neededValue(line, node, desired))
    .filter((line) => !isAsAsked(line, kept, sources, others));
}

/** A node with keys, with others to follow or be followed by, or with persistence: not a fresh one. */
export function isInUse({ host, redis }: ReachableNode, node: DesiredNode): boolean {
  const { redisConf } = node;
  const conf = presentConf(host, redisConf);
  if (redis.state === 'down')
    return conf !== null && loadedFiles(conf, placeOf(serverOf(node)).dataFolder, host.dataFiles).length > 0;
  if (redis.state === 'unreadable') return false;
  const replicates = redis.role === 'replica' || redis.replicas.length > 0;
  const origin = fileOrigin(redisConf, host);
  // An empty Redis just started by the package saves too.
  const saves =
    redis.persistence.aofEnabled || (origin !== 'package' && (redis.configuration.get('save') ?? '') !== '');
  return redis.keys > 0 || replicates || saves;
}

/** Everything in a foreign file or process. */
function foundThere(sources: Sources): readonly ConfLine[] {
  const { present, redis, unsaid } = sources;
  const names = new Set([...(present?.values.keys() ?? []), ...(redis?.configuration.keys() ?? []), ...unsaid]);
  if (redis?.masterauth) names.add('masterauth');
  return [...names].toSorted().flatMap((name) => (isOpen(name, sources) ? linesThere(name, sources) : []));
}

function linesThere(name: string, sources: Sources): readonly ConfLine[] {
  const { present, redis } = sources;
  const usual = defaultOf(name, redis);
  if (name === 'masterauth' && redis?.masterauth) return [{ name, parameters: [redis.masterauth.reveal()] }];
  const isFiled = usual === null || SECRET_DIRECTIVES.has(name) || IN_FILE_ONLY.has(name);
  if (isFiled) return (present?.linesOf(name) ?? []).map((parameters) => ({ name, parameters }));
  return [confLine(name, redis?.configuration.get(name) ?? present?.get(name) ?? usual)];
}

/** Settings already kept in redisops’ own file, and those that guard the data. */
function keptBefore(sources: Sources): readonly ConfLine[] {
  const { present } = sources;
  if (!present) return [];
  const before = keptLines(present).filter(({ name }) => isOpen(name, sources));
  const names = new Set(before.map(({ name }) => name));
  const guarded = GUARDED.filter((name) => !names.has(name) && isOpen(name, sources));
  return [...before, ...guarded.map((name) => confLine(name, guardedValue(name, sources)))];
}

/** Persistence that is on stays on, wherever it was enabled. */
function guardedValue(name: string, { present, redis }: Sources): string {
  const filed = valueIn(present, name);
  const runs = redis?.configuration.get(name) ?? filed;
  switch (name) {
    case 'bind':
    case 'protected-mode':
      return filed;
    case 'save':
      return runs === '' ? filed : runs;
    case 'appendonly':
      return runs.toLowerCase() === 'no' ? filed : runs;
    default:
      return runs;
  }
}

/** Whether Git does not mention it: the rendered file has redisops’ default, or nothing. */
function isOpen(name: string, { asked, unsaid }: Sources): boolean {
  return !NEVER_KEPT.has(name) && (unsaid.has(name) || asked.get(name) === undefined);
}

/** @param included What kept `include` lines bring, unless redis.conf says it itself. */
function isAsAsked(
  { name, parameters }: ConfLine,
  kept: readonly ConfLine[],
  { asked, redis }: Sources,
  included: ReadonlyMap<string, string>,
): boolean {
  const usual = defaultOf(name, redis);
  if (usual === null || kept.filter((line) => line.name === name).length > 1) return false;
  // A snapshot without a file name: saves would fail.
  if (name === 'dbfilename' && parameters.join('') === '') return true;
  return sameValue(name, parameters.join(' '), asked.get(name) ?? included.get(name) ?? usual);
}
