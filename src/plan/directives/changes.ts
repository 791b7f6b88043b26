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

export interface DirectiveChanges {
  /** Redis takes these by CONFIG SET. */
  live: readonly DirectiveChange[];
  /** Redis reads these at start only. */
  restart: readonly DirectiveChange[];
}

const HIDDEN = '••••••';

/** The machine’s limits lower it where nothing is said. */
const LIMITED_BY_MACHINE = 'maxclients';

/** Compared by what Redis says of them, not by the files. */
const COMPARED_LIVE: ReadonlySet<string> = new Set(['requirepass', 'masterauth']);

/**
 * What the running Redis would have to change to be as a start with its new file would make it. What the file does not
 * say is at Redis’s default: also where somebody set it by hand. Directives that are read at start only are looked at
 * where one of the files has them, as a unit may set others on its command line.
 */
export function directiveChanges(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  desired: DesiredCluster,
  master: Endpoint | null,
): DirectiveChanges {
  const wanted = node.redisConf.content.withRole(master).all;
  const before = presentConf(host, node.redisConf);
  const changes = [...wanted, ...unsaid(wanted, before, redis)].flatMap((directive) => {
    const change = changeOf(directive, redis, node.redisConf.content, before);
    return change ? [change] : [];
  });
  const of = (kind: 'live' | 'restart') => changes.filter(({ directive }) => changeKind(directive, redis) === kind);
  return { live: [...of('live'), ...secretChanges(redis, desired)], restart: of('restart') };
}

/** The node’s own Redis knows best; of what it was not asked, the table says it. */
function changeKind(directive: string, { takesLive }: RedisUp): DirectiveInfo['change'] | undefined {
  const own = takesLive?.get(directive);
  return own === undefined ? directiveInfo(directive)?.change : own ? 'live' : 'restart';
}

type Wanted = Pick<ConfDirective, 'name' | 'value'>;

/** What the new file leaves to Redis’s defaults, by name. */
function unsaid(wanted: readonly Wanted[], before: RedisConf | null, redis: RedisUp): readonly Wanted[] {
  const said = new Set(wanted.map(({ name }) => name));
  const running = [...redis.configuration.keys()].filter((name) => directiveInfo(name)?.change === 'live');
  const names = new Set([...(before?.values.keys() ?? []), ...running]);
  return [...names]
    .filter((name) => !said.has(name) && name !== LIMITED_BY_MACHINE)
    .toSorted()
    .map((name) => ({ name, value: directiveInfo(name)?.default ?? '' }));
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
  // CONFIG GET does not know some directives: what the file says is all there is.
  const isInFileOnly = info.default === null;
  if (isInFileOnly && before && sameDirective(name, conf, before)) return null;
  const running = isInFileOnly ? (filed ?? '') : redis.configuration.get(name);
  if (running === undefined || sameValue(name, value, running)) return null;
  return { directive: name, from: running, to: name === LIMITS ? everyClass(value) : value, secret: false };
}

const LIMITS = 'client-output-buffer-limit';

/** CONFIG SET leaves the classes that it does not name as they run; a file leaves them at their defaults. */
function everyClass(value: string): string {
  const words = value.toLowerCase().split(/\s+/);
  const named = new Set(words.map((word) => (word === 'replica' ? 'slave' : word)));
  const usual = (directiveInfo(LIMITS)?.default ?? '').split(' ');
  const unnamed = usual.filter((_, index) => !named.has(usual[index - (index % 4)] ?? ''));
  return [value, ...unnamed].filter((word) => word !== '').join(' ');
}

function secretChanges(redis: RedisUp, desired: DesiredCluster): readonly DirectiveChange[] {
  const { masterauth, password } = desired;
  const authDiffers = masterauth ? !masterauth.equals(redis.masterauth) : redis.masterauth !== undefined;
  const passwordDiffers = password !== undefined && !redis.requiresPassword;
  return [
    ...(authDiffers ? [secretChange('masterauth', redis.masterauth !== undefined)] : []),
    ...(passwordDiffers ? [secretChange('requirepass', false)] : []),
  ];
}

function secretChange(directive: string, wasSet: boolean): DirectiveChange {
  return { directive, from: wasSet ? HIDDEN : '', to: HIDDEN, secret: true };
}
