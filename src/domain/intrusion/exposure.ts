import type { HostFacts, ReachableNode, RedisUp } from '../facts.ts';
import { hasNoPassword } from '../redis/acl.ts';
import { isLoopback } from '../redis/bind.ts';
import { knownHoles } from './known-holes.ts';

/** What let an intruder in, or would: each a sentence. Empty where Redis cannot be read. */
export function exposureOf({ host, redis }: ReachableNode): readonly string[] {
  if (redis.state !== 'up') return [];
  const { configuration, aclUsers = [] } = redis;
  const of = (name: string): string => configuration.get(name) ?? '';
  const isOpenToAll = aclUsers.some((user) => user.name === 'default' && hasNoPassword(user));
  return [
    ...(isWide(of('bind')) ? [`bind ${of('bind') || '*'}: Redis listens beyond this host.`] : []),
    ...(of('protected-mode') === 'no' ? ['protected-mode no: hosts that need no password are let in.'] : []),
    ...(isOpenToAll ? ['The default user needs no password.'] : []),
    ...['enable-protected-configs', 'enable-module-command', 'enable-debug-command']
      .filter((name) => !['', 'no'].includes(of(name)))
      .map((name) => `${name} ${of(name)}: clients may use what Redis keeps from them.`),
    ...holesOf({ host, redis }).map((hole) => `Redis ${redis.version} has ${hole}.`),
  ];
}

/** Valkey reports the Redis that it is compatible with. */
function holesOf({ host, redis }: { host: HostFacts; redis: RedisUp }): readonly string[] {
  if (redis.configFile.includes('valkey')) return [];
  return knownHoles(redis.version, host.package.installed ? host.package.version : undefined);
}

/** Without `bind`, Redis listens on every address (networking.c). */
function isWide(bind: string): boolean {
  return bind.split(/\s+/).some((address) => !isLoopback(address));
}
