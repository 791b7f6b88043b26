import type { Opening } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import { hasNoPassword, mayDoMore, type AclUser } from '../../domain/redis/acl.ts';
import type { RedisConf } from '../../domain/redis/redis-conf.ts';
import { usersOnDisk, wantedUsers } from './acl-users.ts';

/** ACL users that a start with the new file adds, or lets do more than the running Redis does. */
export function usersOpenedByStart(node: DesiredNode, host: HostFacts, redis: RedisUp): readonly Opening[] {
  if (!redis.aclUsers) return [{ code: 'OPENS_ACL', message: 'the present ACL users could not be read' }];
  return openedBetween(redis.aclUsers, usersWanted(node, host));
}

/** As above, compared with the file on the node. */
export function usersOpenedInFile(node: DesiredNode, host: HostFacts, before: RedisConf): readonly Opening[] {
  return openedBetween(withDefault(usersOnDisk(node, host), before), usersWanted(node, host));
}

/** On a node without Redis: who gets in without a password. The default user has a guard of its own. */
export function usersWithoutPassword(node: DesiredNode, host: HostFacts): readonly Opening[] {
  const users = wantedUsers(node, host).filter((user) => user.name !== 'default' && hasNoPassword(user));
  return users.map(opening);
}

/** The default user that Git asks for: who gets in without a name. */
export function defaultUser(node: DesiredNode, host: HostFacts): AclUser {
  const { redisConf } = node;
  const users = usersWanted(node, host);
  return users.find(({ name }) => name === 'default') ?? implicitDefault(redisConf.content);
}

function usersWanted(node: DesiredNode, host: HostFacts): readonly AclUser[] {
  return withDefault(wantedUsers(node, host), node.redisConf.content);
}

function withDefault(users: readonly AclUser[], conf: RedisConf): readonly AclUser[] {
  return users.some(({ name }) => name === 'default') ? users : [implicitDefault(conf), ...users];
}

/** Without a line of its own, the default user may do everything, with the password of `requirepass`. */
function implicitDefault(conf: RedisConf): AclUser {
  const login = (conf.get('requirepass') ?? '') === '' ? 'nopass' : '#••••••';
  return { name: 'default', rules: `on ${login} ~* &* +@all` };
}

function openedBetween(before: readonly AclUser[], after: readonly AclUser[]): readonly Opening[] {
  return after.filter((user) => mayDoMore(before.find(({ name }) => name === user.name) ?? null, user)).map(opening);
}

function opening({ name, rules }: AclUser): Opening {
  return { code: 'OPENS_ACL', message: `the ACL user ${name} may do more (${rules})` };
}
