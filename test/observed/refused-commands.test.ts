import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openRedis } from '../../src/adapters/redis/redis-link.ts';
import { askForCommands, refusedCommands } from '../../src/observed/refused-commands.ts';
import { realRedis, type RealRedis } from '../adapters/real-redis.ts';
import { aclUsers } from '../../src/domain/redis/acl.ts';
import { fakeLink, redisError } from '../apply/fake-nodes.ts';

const NODE = { name: 'redis-02', address: '10.0.0.124', sshPort: 22, redisPort: 6379 };
let redis: RealRedis | null = null;

afterEach(async () => {
  await redis?.end();
  redis = null;
});

it.each<[string, readonly string[], readonly string[]]>([
  ['none', [], []],
  [
    'renamed ones',
    ['rename-command REPLICAOF ""', 'rename-command MULTI xx'],
    ['REPLICAOF rename-command', 'MULTI rename-command'],
  ],
  [
    'forbidden ones',
    ['user default on nopass ~* &* +@all -replicaof -client|pause'],
    ['REPLICAOF acl', 'CLIENT PAUSE acl'],
  ],
  [
    'forbidden keys',
    ['user default on nopass ~app:* &* +@all'],
    ['WATCH acl', 'SET acl', 'GET acl', 'EXISTS acl', 'UNLINK acl'],
  ],
  [
    'forbidden ones where the question is forbidden, too',
    ['user default on nopass ~* &* +@all -acl|dryrun -command -replicaof -client +client|pause'],
    ['REPLICAOF acl', 'CLIENT UNPAUSE acl', 'CLIENT LIST acl', 'CLIENT KILL acl'],
  ],
  [
    'renamed ones where COMMAND is forbidden',
    ['rename-command EXEC ""', 'user default on nopass ~* &* +@all -command'],
    ['EXEC rename-command'],
  ],
])('a real Redis names %s', async (_, directives, expected) => {
  redis = await realRedis(...directives);
  const link = await openRedis(redis.stream(), NODE, undefined);
  const users = await link.command('ACL', 'LIST').catch(() => null);
  const refused = refusedCommands(await askForCommands(link), linesIn(users));
  link.close();
  expect(refused.map(({ command, by }) => `${command} ${by}`)).toEqual(expected);
});

it('does not know where an ACL forbids every question, but for a renamed command', async () => {
  redis = await realRedis('rename-command EXEC ""', 'user default on nopass ~* &* +@all -acl');
  const link = await openRedis(redis.stream(), NODE, undefined);
  const refused = refusedCommands(await askForCommands(link), undefined);
  link.close();
  expect(refused).toContainEqual({ command: 'REPLICAOF', by: 'unknown' });
  expect(refused).toContainEqual({ command: 'EXEC', by: 'rename-command' });
});

it('makes nothing of a Redis that answers neither', async () => {
  const link = fakeLink('redis-02', () => {
    throw redisError('ERR');
  });
  expect(refusedCommands(await askForCommands(link), undefined)).toEqual([]);
});

function linesIn(reply: unknown): ReturnType<typeof aclUsers> | undefined {
  const lines = z.array(z.string()).safeParse(reply);
  return lines.success ? aclUsers(lines.data) : undefined;
}
