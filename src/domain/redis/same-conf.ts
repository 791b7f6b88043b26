import { usersInOneSpelling } from './acl-rules.ts';
import { sameValue } from './directive-value.ts';
import { DECIDED_BY_UNIT, directiveInfo } from './directives.ts';
import type { RedisConf } from './redis-conf.ts';

/** Lines whose order is irrelevant. */
const ANY_ORDER: ReadonlySet<string> = new Set(['rename-command', 'loadmodule']);

/**
 * The directives whose values would differ between starts with the two files, by canonical name. Comments, order,
 * quotes, units, old names and explicit defaults make no difference; nor do lines written by CONFIG REWRITE.
 */
export function differingDirectives(one: RedisConf, other: RedisConf): readonly string[] {
  const names = new Set([...one.values.keys(), ...other.values.keys()]);
  return [...names].filter((name) => !DECIDED_BY_UNIT.has(name) && !sameDirective(name, one, other)).toSorted();
}

export function sameDirective(name: string, one: RedisConf, other: RedisConf): boolean {
  if (name === 'user') return sameUsers(usersInOneSpelling(one), usersInOneSpelling(other));
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
