import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigInvalid } from '../../../src/domain/error.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { parseWithRedis, realRedis } from '../real-redis.ts';
import { REPLICATED, confOf, desiredOf } from '../repository.ts';

const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', "'", '\\', ' ', '\n', '\r', '\t', '\0', '#', '$', '`', ';', '{', '}', '%', 'x', '0'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 30,
});

describe('a rendered redis.conf, read by a real Redis', () => {
  it('is accepted completely', async () => {
    const desired = await desiredOf(`${REPLICATED}redis_password: 'a "b" \\ c é'
redis_maxmemory: 256mb
redis_maxmemory_policy: volatile-ttl
redis_config:
  save: [900 1, 300 10]
  client-output-buffer-limit: [replica 512mb 64mb 60, pubsub 32mb 8mb 60]
  user: ["shop on >p ~shop:* +@all", "reader on nopass ~* +@read"]
  notify-keyspace-events: KEA
  latency-tracking-info-percentiles: 50 99.9
  shutdown-on-sigterm: nosave force
  maxmemory-clients: 5%
  unixsocketperm: 0700
  slave-priority: 10
  proc-title-template: "{title} {listen-addr}"
`);
    for (const { name } of desired.nodes) expect(await parseWithRedis(confOf(desired, name))).toBe('bot-dry-run "1"');
  });

  it('would be rejected with a wrong line: the check above can fail', async () => {
    expect(await parseWithRedis(`${confOf(await desiredOf(REPLICATED), 'redis-01')}hz often\n`)).toBe('hz often');
  });

  it('runs with Git’s values, whatever they are, or is refused', { timeout: 60_000 }, async () => {
    const tried = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(HOSTILE, HOSTILE, HOSTILE, async (password, ident, user) => {
        const variables = stringify({
          redis_password: password,
          redis_config: { 'syslog-ident': ident, masteruser: user },
        });
        const desired = await desiredOf(variables).catch((error: unknown) => {
          if (error instanceof ConfigInvalid) return null;
          throw error;
        });
        tried[desired ? 'taken' : 'refused'] += 1;
        if (!desired) return;
        const conf = confOf(desired, 'redis-01');
        const asRead = RedisConf.parse(new SensitiveText(conf)).values;
        const redis = await realRedis(conf, password);
        try {
          expect(await redis.get('requirepass')).toBe(password);
          expect(await redis.get('masterauth')).toBe(password);
          for (const name of ['requirepass', 'syslog-ident', 'masteruser', 'save'])
            expect(await redis.get(name)).toBe(asRead.get(name));
        } finally {
          await redis.end();
        }
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(tried.taken).toBeGreaterThan(5);
    expect(tried.refused).toBeGreaterThan(5);
  });
});
