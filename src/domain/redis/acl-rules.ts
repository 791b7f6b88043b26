import { createHash } from 'node:crypto';
import type { RedisConf } from './redis-conf.ts';

/** The permissions of a user or a selector. */
interface Permissions {
  keys: Set<string>;
  channels: Set<string>;
  commands: CommandRules;
}

/** In order: a later rule overrides an earlier one. Each rule takes the same time, however many there are. */
class CommandRules {
  readonly #rules = new Map<string, string>();
  /** `config|set` and the like, by container. */
  readonly #subcommands = new Map<string, Set<string>>();

  constructor(rules: readonly string[] = []) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: string): void {
    const name = rule.slice(1).toLowerCase();
    for (const each of [name, ...(this.#subcommands.get(name) ?? [])]) this.#rules.delete(each);
    this.#subcommands.delete(name);
    this.#rules.set(name, rule.toLowerCase());
    const [container = '', ...rest] = name.split('|');
    if (rest.length > 0) this.#subcommands.set(container, (this.#subcommands.get(container) ?? new Set()).add(name));
  }

  get all(): readonly string[] {
    return [...this.#rules.values()];
  }
}

interface User extends Permissions {
  isOn: boolean;
  /** SHA-256, or `nopass`. */
  passwords: Set<string>;
  skipsSanitizing: boolean;
  selectors: string[];
}

type ChannelDefault = 'allchannels' | 'resetchannels';

/**
 * The users defined in a redis.conf, including `default`, in a canonical form: spellings used by ACL LIST and CONFIG
 * REWRITE (hashed passwords, `~*` for allkeys) give the same text. Only for comparison: it contains password hashes.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export function usersInOneSpelling(conf: RedisConf): ReadonlyMap<string, string> {
  const channels = conf.get('acl-pubsub-default')?.toLowerCase() === 'allchannels' ? 'allchannels' : 'resetchannels';
  const password = conf.get('requirepass') ?? '';
  const usual = ['on', password === '' ? 'nopass' : `>${password}`, '~*', '&*', '+@all'];
  const lines = conf.linesOf('user').map(([name = '', ...rules]) => [name, rules] as const);
  // A `user default` line overrides requirepass: Redis reads users last.
  return new Map(
    [['default', usual] as const, ...lines].map(([name, rules]) => [name, inOneSpelling(rules, channels)]),
  );
}

/** What rules permit, whatever the passwords: the same text for rules that permit the same. */
export function permitted(rules: readonly string[]): string {
  const { isOn, selectors, ...permissions } = userOf(rules, 'resetchannels');
  return [isOn ? 'on' : 'off', ...permissionsText(permissions), ...selectors.toSorted()].join(' ');
}

/**
 * Whether a user with the second rules may do anything that one with the first may not, or log in more easily. In doubt
 * true. Of new passwords only their absence counts. No rules: no such user.
 */
export function permitsMore(before: readonly string[] | null, after: readonly string[]): boolean {
  const next = userOf(after, 'resetchannels');
  if (!next.isOn) return false;
  const user = before && userOf(before, 'resetchannels');
  if (!user?.isOn) return true;
  if (next.passwords.has('nopass') && !user.passwords.has('nopass')) return true;
  if (next.skipsSanitizing && !user.skipsSanitizing) return true;
  if (!isWithin(next.keys, user.keys, '~*') || !isWithin(next.channels, user.channels, '&*')) return true;
  return (
    grantsMore(user.commands.all, next.commands.all) || next.selectors.some((each) => !user.selectors.includes(each))
  );
}

/** Whether a user logs in without a password. */
export function needsNoPassword(rules: readonly string[]): boolean {
  const { isOn, passwords } = userOf(rules, 'resetchannels');
  return isOn && passwords.has('nopass');
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>, everything: string): boolean {
  return all.has(everything) || [...some].every((pattern) => all.has(pattern));
}

/**
 * The last rule for a command decides. So `after` grants no more if it is `before` with some `+` rules taken out and some
 * `-` rules put in.
 */
function grantsMore(before: readonly string[], after: readonly string[]): boolean {
  // Positions in `before` that the rules of `after` so far can stand for.
  let reached = pastGrants([0], before);
  for (const rule of after) {
    const kept = [...reached].filter((at) => before[at] === rule).map((at) => at + 1);
    reached = pastGrants(rule.startsWith('-') ? [...reached, ...kept] : kept, before);
  }
  return !reached.has(before.length);
}

function pastGrants(starts: readonly number[], rules: readonly string[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const start of starts)
    for (let at = start; !reached.has(at); at += 1) {
      reached.add(at);
      if (!rules[at]?.startsWith('+')) break;
    }
  return reached;
}

function inOneSpelling(rules: readonly string[], channels: ChannelDefault): string {
  const user = userOf(rules, channels);
  const { isOn, passwords, skipsSanitizing, selectors } = user;
  return [
    isOn ? 'on' : 'off',
    ...[...passwords].toSorted(),
    ...(skipsSanitizing ? ['skip-sanitize-payload'] : []),
    ...permissionsText(user),
    ...selectors.toSorted(),
  ].join(' ');
}

function userOf(rules: readonly string[], channels: ChannelDefault): User {
  const user = noUser(channels);
  for (const rule of withSelectors(rules)) apply(rule, user, channels);
  return user;
}

function noUser(channels: ChannelDefault): User {
  return { isOn: false, passwords: new Set(), skipsSanitizing: false, selectors: [], ...noPermissions(channels) };
}

function noPermissions(channels: ChannelDefault): Permissions {
  return { keys: new Set(), channels: new Set(channels === 'allchannels' ? ['&*'] : []), commands: new CommandRules() };
}

/** `(~a +get)` is one rule, even if split into several words. */
function withSelectors(words: readonly string[]): readonly string[] {
  const rules: string[] = [];
  let open: string[] | null = null;
  for (const word of words) {
    if (open) open.push(word);
    else if (word.startsWith('(')) open = [word];
    else rules.push(word);
    if (open && word.endsWith(')')) {
      rules.push(open.join(' '));
      open = null;
    }
  }
  return rules;
}

function apply(rule: string, user: User, channels: ChannelDefault): void {
  const { passwords } = user;
  switch (rule.toLowerCase()) {
    case 'on':
    case 'off':
      user.isOn = rule.toLowerCase() === 'on';
      return;
    case 'nopass':
      user.passwords = new Set(['nopass']);
      return;
    case 'resetpass':
      passwords.clear();
      return;
    case 'skip-sanitize-payload':
    case 'sanitize-payload':
      user.skipsSanitizing = rule.toLowerCase() === 'skip-sanitize-payload';
      return;
    case 'clearselectors':
      user.selectors = [];
      return;
    case 'reset':
      Object.assign(user, noUser(channels));
      return;
  }
  if (/^[>#<!]/.test(rule)) return applyPassword(rule, passwords);
  if (rule.startsWith('(')) {
    user.selectors.push(selectorText(rule));
    return;
  }
  permit(rule, user);
}

function applyPassword(rule: string, passwords: Set<string>): void {
  const value = rule.slice(1);
  const hash = /^[><]/.test(rule) ? createHash('sha256').update(value).digest('hex') : value.toLowerCase();
  if (/^[<!]/.test(rule)) {
    passwords.delete(`#${hash}`);
    return;
  }
  passwords.delete('nopass');
  passwords.add(`#${hash}`);
}

function selectorText(rule: string): string {
  const selector = noPermissions('resetchannels');
  for (const each of rule.slice(1, -1).split(/\s+/)) if (each !== '') permit(each, selector);
  return `(${permissionsText(selector).join(' ')})`;
}

function permit(rule: string, permissions: Permissions): void {
  switch (rule.toLowerCase()) {
    case 'allkeys':
    case '~*':
      permissions.keys = new Set(['~*']);
      return;
    case 'resetkeys':
      permissions.keys.clear();
      return;
    case 'allchannels':
    case '&*':
      permissions.channels = new Set(['&*']);
      return;
    case 'resetchannels':
      permissions.channels.clear();
      return;
    case 'allcommands':
    case '+@all':
      permissions.commands = new CommandRules(['+@all']);
      return;
    case 'nocommands':
    case '-@all':
      permissions.commands = new CommandRules();
      return;
  }
  if (rule.startsWith('&')) permissions.channels.add(rule);
  else if (/^[+-]/.test(rule)) permissions.commands.add(rule);
  else permissions.keys.add(rule.replace(/^%RW~/i, '~').replace(/^%rw?~|^%w~/i, (access) => access.toUpperCase()));
}

function permissionsText({ keys, channels, commands }: Permissions): readonly string[] {
  return [...[...keys].toSorted(), ...[...channels].toSorted(), ...commands.all];
}
