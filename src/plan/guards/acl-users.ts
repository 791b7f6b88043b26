import { presentConf, type HostFacts, type RedisUp } from '../../domain/facts.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { aclUsers, isStandardDefault, mayDoTheSame, saidUsers, type AclUser } from '../../domain/redis/acl.ts';
import type { SensitiveText } from '../../domain/secret.ts';
import { includedParts, includePatterns } from '../adopt/included.ts';
import { userOf } from '../../domain/server/server.ts';

/** What a plan does that ACL users may not survive. */
export interface AclEffect {
  /** Once the file is written, its users and those of its includes are gone. */
  writesFile: boolean;
  /** Users that only the running Redis has are gone. */
  starts: boolean;
}

/** Users that Git does not have: in the running Redis, in redis.conf, in its includes and its aclfile. */
export function unknownUsers(node: DesiredNode, host: HostFacts, redis: RedisUp | null): readonly AclUser[] {
  const known = new Set(wantedUsers(node, host).map(({ name }) => name));
  const held = [...(redis?.aclUsers ?? []), ...usersOnDisk(node, host)];
  const unknown = held.filter((user) => !known.has(user.name) && !isStandardDefault(user));
  return unknown.filter(({ name }, at) => unknown.findIndex((each) => each.name === name) === at);
}

/** No user goes before Git says what becomes of it: an application would get WRONGPASS. */
export function aclBlockers(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp | null,
  { writesFile, starts }: AclEffect,
): readonly Blocker[] {
  if (!writesFile && !starts) return [];
  const onDisk = new Set(usersOnDisk(node, host).map(({ name }) => name));
  const lost = unknownUsers(node, host, redis).filter(({ name }) => starts || onDisk.has(name));
  return [
    ...usersSaidTwice(node, host),
    ...(starts ? missingAclFile(node, host) : []),
    ...(lost.length > 0 ? [unsaid(node, host, lost)] : []),
  ];
}

/** Users whose rights change, and included files that redis.conf no longer names. */
export function aclRisks(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp | null,
  { writesFile, starts }: AclEffect,
): readonly Risk[] {
  return [
    ...(writesFile ? includeRisks(node, host) : []),
    ...(starts ? changedUsers(node, host, redis) : []),
    ...(starts && redis && redis.aclUsers === undefined ? [unread(node)] : []),
  ];
}

function unsaid(node: DesiredNode, host: HostFacts, lost: readonly AclUser[]): Blocker {
  const { name } = node;
  const said = lost.map((user) => `${saidUsers([user])}, ${placeOf(user, node, host)}`).join('; ');
  return {
    code: 'ACL_USERS_UNKNOWN',
    node: name,
    message: `${name} has ACL users that are not in Git and would be gone: ${said}.`,
    hint: 'Add them to Git as `user` under redis_config. One that may go: `user: "NAME off"` there, or ACL DELUSER on the node and its line out of that file. Then plan again.',
  };
}

function placeOf({ name }: AclUser, { redisConf }: DesiredNode, host: HostFacts): string {
  const has = (content: SensitiveText): boolean => usersIn(content).some((user) => user.name === name);
  const part = host.confParts.find(({ kind, content }) => kind !== 'wanted aclfile' && has(content));
  if (part) return `from ${part.path}`;
  const conf = presentConf(host, redisConf);
  return conf && has(conf) ? `from ${redisConf.path}` : 'in the running Redis only';
}

/** Redis does not start with a user in both redis.conf and an included file. */
function usersSaidTwice({ name, redisConf }: DesiredNode, host: HostFacts): readonly Blocker[] {
  const inGit = new Set(usersIn(redisConf.content).map((user) => user.name));
  const kept = includedParts(includePatterns(redisConf.content), host);
  return kept.flatMap(({ path, content }) => {
    const twice = usersIn(content).filter((user) => inGit.has(user.name));
    if (twice.length === 0) return [];
    const names = twice.map((user) => user.name).join(', ');
    const message = `Git has the ACL user ${names}, and so has ${path} on ${name}: Redis would not start.`;
    return [{ code: 'ACL_USERS_TWICE', node: name, message, hint: `Remove ${names} from ${path}. Then plan again.` }];
  });
}

/** Redis does not start without it. */
function missingAclFile(node: DesiredNode, host: HostFacts): readonly Blocker[] {
  const { name, redisConf } = node;
  const path = redisConf.content.get('aclfile') ?? '';
  if (path === '' || host.files.get(path)?.exists !== false) return [];
  const message = `Git sets aclfile ${path}, which is not on ${name}: Redis would not start.`;
  const hint = `Put the file on ${name}, readable for the ${userOf(node)} user, or remove aclfile from Git.`;
  return [{ code: 'ACL_FILE_MISSING', node: name, message, hint }];
}

function includeRisks(node: DesiredNode, host: HostFacts): readonly Risk[] {
  const kept = includedParts(includePatterns(node.redisConf.content), host);
  return host.confParts
    .filter((part) => part.kind === 'include' && !kept.includes(part))
    .map(({ path, content }) => {
      const users = usersIn(content);
      const directives = content.masked().split('\n').filter(isOtherDirective);
      const held = [
        ...directives.map((line) => line.trim()),
        ...(users.length > 0 ? [`user ${saidUsers(users)}`] : []),
      ];
      const message = `redis.conf of ${node.name} no longer includes ${path}, which has: ${held.join('; ') || 'nothing'}.`;
      return { code: null, node: node.name, message };
    });
}

function isOtherDirective(line: string): boolean {
  return /^\s*[a-z]/i.test(line) && !/^\s*user\s/i.test(line);
}

function changedUsers(node: DesiredNode, host: HostFacts, redis: RedisUp | null): readonly Risk[] {
  const wanted = wantedUsers(node, host);
  return (redis?.aclUsers ?? []).flatMap((user): Risk[] => {
    const next = wanted.find(({ name }) => name === user.name);
    if (!next || mayDoTheSame(user, next)) return [];
    const message = `The ACL user ${user.name} on ${node.name} changes from (${user.rules}) to (${next.rules}).`;
    return [{ code: null, node: node.name, message }];
  });
}

function unread({ name }: DesiredNode): Risk {
  const message = `The ACL users of ${name} could not be read: those that are not in Git are gone after the restart.`;
  return { code: 'ACL_USERS_UNKNOWN', node: name, message };
}

export function usersOnDisk({ redisConf }: DesiredNode, host: HostFacts): readonly AclUser[] {
  const conf = presentConf(host, redisConf);
  const parts = host.confParts.filter(({ kind }) => kind !== 'wanted aclfile');
  return [...(conf ? usersIn(conf) : []), ...parts.flatMap(({ content }) => usersIn(content))];
}

/** Git’s own, and those of files that redis.conf still names. */
export function wantedUsers({ redisConf }: DesiredNode, host: HostFacts): readonly AclUser[] {
  const kept = includedParts(includePatterns(redisConf.content), host);
  const files = host.confParts.filter((part) => {
    if (part.kind === 'include') return kept.includes(part);
    return part.kind === 'wanted aclfile' || part.path === redisConf.content.get('aclfile');
  });
  return [...usersIn(redisConf.content), ...files.flatMap(({ content }) => usersIn(content))];
}

function usersIn(content: SensitiveText): readonly AclUser[] {
  return aclUsers(content.reveal().split('\n'));
}
