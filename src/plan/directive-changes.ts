import type { DirectiveChange, Endpoint } from '../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { sameValue } from '../domain/directive-value.ts';
import { SECRET_DIRECTIVES, directiveInfo } from '../domain/directives.ts';
import type { HostFacts, RedisUp } from '../domain/facts.ts';
import { directivesOf, withRole, type ConfDirective } from '../domain/redis-conf.ts';

export interface DirectiveChanges {
  /** Redis takes these by CONFIG SET. */
  live: readonly DirectiveChange[];
  /** Redis reads these at start only. */
  restart: readonly DirectiveChange[];
}

const HIDDEN = '••••••';

/**
 * What the running Redis would have to change to be as its file will say. Directives that the present file has and the
 * new one has not go back to Redis’s default: a restart would do the same.
 */
export function directiveChanges(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  desired: DesiredCluster,
  master: Endpoint | null,
): DirectiveChanges {
  const wanted = directivesOf(withRole(node.redisConf.content, master));
  const before = presentDirectives(node, host);
  const changes = [...wanted, ...droppedFrom(before, wanted)].flatMap(({ name, value }) => {
    const change = SECRET_DIRECTIVES.has(name) ? null : changeOf(name, value, redis, before);
    return change ? [change] : [];
  });
  const of = (kind: 'live' | 'restart') => changes.filter(({ directive }) => directiveInfo(directive)?.change === kind);
  return { live: [...of('live'), ...secretChanges(redis, desired)], restart: of('restart') };
}

function presentDirectives(node: DesiredNode, host: HostFacts): readonly ConfDirective[] {
  const file = host.files.get(node.redisConf.path);
  return file?.exists && file.content ? directivesOf(file.content) : [];
}

function droppedFrom(before: readonly ConfDirective[], wanted: readonly ConfDirective[]): readonly ConfDirective[] {
  const names = new Set(wanted.map(({ name }) => name));
  return before
    .filter(({ name }) => !names.has(name))
    .map(({ name, line }) => ({ name, value: directiveInfo(name)?.default ?? '', line }));
}

function changeOf(
  name: string,
  wanted: string,
  redis: RedisUp,
  before: readonly ConfDirective[],
): DirectiveChange | null {
  if (directiveInfo(name)?.change === 'role') return null;
  // CONFIG GET does not know some directives: what the file says is all there is.
  const running = redis.configuration.get(name) ?? before.find((each) => each.name === name)?.value;
  if (running === undefined || sameValue(name, wanted, running)) return null;
  return { directive: name, from: running, to: wanted, secret: false };
}

function secretChanges(redis: RedisUp, desired: DesiredCluster): readonly DirectiveChange[] {
  const masterauth = desired.masterauth;
  const authDiffers = masterauth ? !masterauth.equals(redis.masterauth) : false;
  const passwordDiffers = desired.password !== undefined && !redis.requiresPassword;
  return [
    ...(authDiffers ? [secretChange('masterauth', redis.masterauth !== undefined)] : []),
    ...(passwordDiffers ? [secretChange('requirepass', false)] : []),
  ];
}

function secretChange(directive: string, wasSet: boolean): DirectiveChange {
  return { directive, from: wasSet ? HIDDEN : '', to: HIDDEN, secret: true };
}
