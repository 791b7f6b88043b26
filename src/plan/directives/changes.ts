import { defaultOf } from '../../domain/server/defaults.ts';
import type { DirectiveChange } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import {
  DECIDED_BY_UNIT,
  SECRET_DIRECTIVES,
  directiveInfo,
  type DirectiveInfo,
} from '../../domain/redis/directives.ts';
import { presentConf, type HostFacts, type RedisUp } from '../../domain/facts.ts';
import type { ConfDirective, RedisConf } from '../../domain/redis/redis-conf.ts';
import { sameDirective } from '../../domain/redis/same-conf.ts';
import { exceedsOpenFiles } from './open-files.ts';
import { MERGED, includedValues, includePatterns, mergedValue } from '../adopt/included.ts';

export interface DirectiveChanges {
  /** Redis takes these by CONFIG SET. */
  live: readonly DirectiveChange[];
  /** Redis reads these at start only. */
  restart: readonly DirectiveChange[];
}

const HIDDEN = '••••••';

/** Lowered by the machine’s limits if not set. */
const LIMITED_BY_MACHINE = 'maxclients';

/** Compared by the running values, not by the files. */
const COMPARED_LIVE: ReadonlySet<string> = new Set(['requirepass', 'masterauth']);

/**
 * The changes that would bring the running Redis to the state after a start with its new file. Directives missing from
 * the file have Redis’s defaults, even if someone set them at run time. Start-only directives are compared only if one
 * of the files has them, because a unit may set others on its command line.
 */
export function directiveChanges(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  desired: DesiredCluster,
  master: Endpoint | null,
): DirectiveChanges {
  const included = includedValues(includePatterns(node.redisConf.content), host);
  const wanted = node.redisConf.content
    .withRole(master)
    .all.map(({ name, value }) => ({ name, value: mergedValue(name, included.get(name), value) }));
  const before = presentConf(host, node.redisConf);
  const changes = [...wanted, ...unsaid(wanted, included, before, redis)].flatMap((directive) => {
    const change = changeOf(directive, redis, node.redisConf.content, before);
    return change && !isLoweredByMachine(change, node) ? [change] : [];
  });
  const of = (kind: 'live' | 'restart') => changes.filter((change) => changeKind(change, host, redis) === kind);
  return { live: [...of('live'), ...secretChanges(redis, desired)], restart: of('restart') };
}

/** The node’s own Redis knows best; otherwise the table decides. A process cannot raise its own limit of open files. */
function changeKind(
  { directive, to }: DirectiveChange,
  host: HostFacts,
  { takesLive }: RedisUp,
): DirectiveInfo['change'] | undefined {
  if (directive === LIMITED_BY_MACHINE && exceedsOpenFiles(to, host)) return 'restart';
  const own = takesLive?.get(directive);
  return own === undefined ? directiveInfo(directive)?.change : own ? 'live' : 'restart';
}

/** Kept as the node’s file has it: what runs was lowered at start, or by hand, and nobody asks for more. */
function isLoweredByMachine({ directive, from, to }: DirectiveChange, { kept = [] }: DesiredNode): boolean {
  if (directive !== LIMITED_BY_MACHINE || Number(from) > Number(to)) return false;
  return kept.some((line) => line.startsWith(`${LIMITED_BY_MACHINE} `));
}

type Wanted = Pick<ConfDirective, 'name' | 'value'>;

/**
 * Directives that the new file leaves to Redis’s defaults, by name. Those that only an included file sets belong to the
 * author of that file: they are neither changed now nor missed after a start.
 */
function unsaid(
  wanted: readonly Wanted[],
  included: ReadonlyMap<string, string>,
  before: RedisConf | null,
  redis: RedisUp,
): readonly Wanted[] {
  const said = new Set([...wanted.map(({ name }) => name), ...included.keys()]);
  const running = [...redis.configuration.keys()].filter((name) => directiveInfo(name)?.change === 'live');
  const names = new Set([...(before?.values.keys() ?? []), ...running]);
  return [...names]
    .filter((name) => !said.has(name) && name !== LIMITED_BY_MACHINE)
    .toSorted()
    .map((name) => ({ name, value: defaultOf(name, redis) ?? '' }));
}

function changeOf(
  { name, value }: Wanted,
  redis: RedisUp,
  conf: RedisConf,
  before: RedisConf | null,
): DirectiveChange | null {
  const info = directiveInfo(name);
  if (!info || info.change === 'role' || COMPARED_LIVE.has(name) || DECIDED_BY_UNIT.has(name)) return null;
  const filed = before?.get(name);
  if (SECRET_DIRECTIVES.has(name))
    return !before || filed === undefined || sameDirective(name, conf, before) ? null : secretChange(name, true);
  // CONFIG GET does not know some directives: only the file can be compared.
  const isInFileOnly = info.default === null;
  if (isInFileOnly && before && sameDirective(name, conf, before)) return null;
  const running = isInFileOnly ? (filed ?? '') : redis.configuration.get(name);
  if (running === undefined || sameValue(name, value, running)) return null;
  return { directive: name, from: running, to: name === MERGED ? everyClass(value) : value, secret: false };
}

/** CONFIG SET leaves unnamed classes as they run; a file resets them to their defaults. */
function everyClass(value: string): string {
  const words = value.toLowerCase().split(/\s+/);
  const named = new Set(words.map((word) => (word === 'replica' ? 'slave' : word)));
  const usual = (directiveInfo(MERGED)?.default ?? '').split(' ');
  const unnamed = usual.filter((_, index) => !named.has(usual[index - (index % 4)] ?? ''));
  return [value, ...unnamed].filter((word) => word !== '').join(' ');
}

function secretChanges(redis: RedisUp, desired: DesiredCluster): readonly DirectiveChange[] {
  const { masterauth, password } = desired;
  // Unsaid in Git, it stays: replication may need it, and nobody asked for its end.
  const authDiffers = masterauth !== undefined && !masterauth.equals(redis.masterauth);
  const passwordDiffers = password !== undefined && !redis.requiresPassword;
  return [
    ...(authDiffers ? [secretChange('masterauth', redis.masterauth !== undefined)] : []),
    ...(passwordDiffers ? [secretChange('requirepass', false)] : []),
  ];
}

function secretChange(directive: string, wasSet: boolean): DirectiveChange {
  return { directive, from: wasSet ? HIDDEN : '', to: HIDDEN, secret: true };
}
