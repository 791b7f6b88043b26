import { afterEach, expect, it } from 'vitest';
import { openRedis } from '../../src/adapters/redis/redis-link.ts';
import { refusedCommands } from '../../src/observed/refused-commands.ts';
import { realRedis, type RealRedis } from '../adapters/real-redis.ts';
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
    'renamed ones where ACL is forbidden, too',
    ['rename-command EXEC ""', 'user default on nopass ~* &* +@all -acl'],
    ['EXEC rename-command'],
  ],
  [
    'nothing of what cannot be asked',
    ['rename-command COMMAND ""', 'user default on nopass ~* &* +@all -acl -replicaof'],
    [],
  ],
])('a real Redis names %s', async (_, directives, expected) => {
  redis = await realRedis(...directives);
  const link = await openRedis(redis.stream(), NODE, undefined);
  const refused = await refusedCommands(link);
  link.close();
  expect(refused.map(({ command, by }) => `${command} ${by}`)).toEqual(expected);
});

it('makes nothing of a Redis that answers neither', async () => {
  const link = fakeLink('redis-02', () => {
    throw redisError('ERR');
  });
  expect(await refusedCommands(link)).toEqual([]);
});
