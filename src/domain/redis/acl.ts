import { splitArguments } from '../text/arguments.ts';
import { needsNoPassword, permitsMore, permitted } from './acl-rules.ts';

/** An ACL user as Redis has it, without passwords and their hashes. */
export interface AclUser {
  name: string;
  /** `on #•••••• ~* &* +@all`: flags, keys, channels and commands. */
  rules: string;
}

const MASK = '••••••';
/** What every Redis has before anyone changes it, by `requirepass` or without a password. */
const STANDARD_DEFAULT = permissions({ rules: 'on ~* &* +@all' });

/** From ACL LIST, or from the lines of a redis.conf or an aclfile. Other lines are left out. */
export function aclUsers(lines: readonly string[]): readonly AclUser[] {
  const users = new Map<string, string[]>();
  for (const line of lines) {
    const [directive, name, ...rules] = splitArguments(line) ?? [];
    if (directive?.toLowerCase() !== 'user' || name === undefined) continue;
    // A later line for the same user adds to it.
    const known = users.get(name) ?? [];
    for (const rule of rules) known.push(withoutSecret(rule));
    users.set(name, known);
  }
  return [...users].map(([name, rules]) => ({ name, rules: rules.join(' ') }));
}

function withoutSecret(rule: string): string {
  return /^[><#!]./.test(rule) ? `${rule.charAt(0)}${MASK}` : rule;
}

/** The default user without restrictions: Redis’s own. */
export function isStandardDefault(user: AclUser): boolean {
  return user.name === 'default' && permissions(user) === STANDARD_DEFAULT;
}

/** Whether both may do the same, whatever their passwords. */
export function mayDoTheSame(one: AclUser, other: AclUser): boolean {
  return permissions(one) === permissions(other);
}

/** Whether the second may do more than the first, or log in without a password. In doubt true. Null: there was none. */
export function mayDoMore(before: AclUser | null, after: AclUser): boolean {
  return permitsMore(before && before.rules.split(' '), after.rules.split(' '));
}

export function hasNoPassword({ rules }: AclUser): boolean {
  return needsNoPassword(rules.split(' '));
}

function permissions({ rules }: Pick<AclUser, 'rules'>): string {
  return permitted(rules.split(' '));
}

/** `app (on #•••••• ~* &* +@all)`. */
export function saidUsers(users: readonly AclUser[]): string {
  return users.map(({ name, rules }) => `${name} (${rules})`).join(', ');
}
