import { aclUsers } from './acl-users.ts';
import { sameValue } from './directive-value.ts';
import { directiveInfo } from './directives.ts';
import type { RedisConf } from './redis-conf.ts';

/** Lines whose order means nothing. */
const ANY_ORDER: ReadonlySet<string> = new Set(['rename-command', 'loadmodule']);

/**
 * The directives in which a start with one file would differ from a start with the other, by canonical name. Comments,
 * order, quotes, units, older names and what is said as it is by default make no difference; nor do the lines of CONFIG
 * REWRITE.
 */
export function differingDirectives(one: RedisConf, other: RedisConf): readonly string[] {
  const names = new Set([...one.values.keys(), ...other.values.keys()]);
  return [...names].filter((name) => !sameDirective(name, one, other)).toSorted();
}

export function sameDirective(name: string, one: RedisConf, other: RedisConf): boolean {
  if (name === 'user') return sameUsers(aclUsers(one), aclUsers(other));
  if (name === 'replicaof') return sameEndpoint(one, other);
  if (ANY_ORDER.has(name)) return linesText(name, one) === linesText(name, other);
  const usual = directiveInfo(name)?.default ?? undefined;
  const [value, otherValue] = [one.get(name) ?? usual, other.get(name) ?? usual];
  if (value === undefined || otherValue === undefined) return value === otherValue;
  return sameValue(name, value, otherValue);
}

function sameUsers(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, rules]) => other.get(name) === rules);
}

function sameEndpoint({ replicaof: one }: RedisConf, { replicaof: other }: RedisConf): boolean {
  return one?.host === other?.host && one?.port === other?.port;
}

function linesText(name: string, conf: RedisConf): string {
  return JSON.stringify(
    conf
      .linesOf(name)
      .map((words) => JSON.stringify(words))
      .toSorted(),
  );
}
