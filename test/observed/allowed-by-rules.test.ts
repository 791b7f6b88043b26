import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openRedis } from '../../src/adapters/redis/redis-link.ts';
import { aclUsers } from '../../src/domain/redis/acl.ts';
import { STEP_COMMANDS, type StepCommand } from '../../src/domain/redis/step-commands.ts';
import { allowedByRules } from '../../src/observed/allowed-by-rules.ts';
import type { RedisLink } from '../../src/ports/nodes.ts';
import { realRedis, type RealRedis } from '../adapters/real-redis.ts';

const NODE = { name: 'redis-02', address: '10.0.0.124', sshPort: 22, redisPort: 6379 };
let redis: RealRedis;
let link: RedisLink;

beforeAll(async () => {
  redis = await realRedis();
  link = await openRedis(redis.stream(), NODE, undefined);
});

afterAll(async () => {
  link.close();
  await redis.end();
});

it.each([
  '+@all',
  '+@all -replicaof',
  '+@all -@dangerous',
  '+@all -@dangerous +replicaof +config|set',
  '+@all -@admin +client|pause',
  '+@all -client +client|pause -client|kill',
  '+@all -config|set -multi',
  '-@all +@admin -replconf',
  '-@all +@read +@connection',
  '+@all -@transaction +exec',
  '+@all -@slow',
  '+@all -@keyspace -@string +get',
  '-@all',
])('rules allow what a real Redis says: %s', async (rules) => {
  await link.command('ACL', 'SETUSER', 'probe', 'reset', 'on', '~*', '&*', ...rules.split(' '));
  const lines = z.array(z.string()).parse(await link.command('ACL', 'LIST'));
  const shown = aclUsers(lines).find(({ name }) => name === 'probe')?.rules ?? '';
  const commands = Object.entries(STEP_COMMANDS).map(([name, words]) => ({ name, words }));
  const said = await Promise.all(commands.map(({ words }) => link.command('ACL', 'DRYRUN', 'probe', ...words)));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the list.
  const allowed = commands.filter(({ name }) => allowedByRules(shown, name as StepCommand));
  expect(allowed.map(({ name }) => name)).toEqual(
    commands.filter((_, at) => said[at] === 'OK').map(({ name }) => name),
  );
});

it('does not follow a selector, which may allow more', () => {
  expect(allowedByRules('on -@all (+replicaof ~*)', 'REPLICAOF')).toBe(true);
});
