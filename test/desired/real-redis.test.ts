import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { directiveMistake } from '../../src/desired/directives/directive-mistake.ts';
import { directiveKind } from '../../src/domain/redis/directive-kind.ts';
import { sameValue } from '../../src/domain/redis/directive-value.ts';
import { DIRECTIVES } from '../../src/domain/redis/directives.ts';
import { ConfigInvalid } from '../../src/domain/error.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../src/domain/secret.ts';
import { parseWithRedis, realRedis } from './real-redis.ts';
import { REPLICATED, confOf, desiredOf } from './repository.ts';

const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', "'", '\\', ' ', '\n', '\r', '\t', '\0', '#', '$', '`', ';', '{', '}', '%', 'x', '0'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 30,
});

describe('a rendered redis.conf, read by a real Redis', () => {
  it('is taken whole', async () => {
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

  it('would be refused where a line is wrong: the check above can fail', async () => {
    expect(await parseWithRedis(`${confOf(await desiredOf(REPLICATED), 'redis-01')}hz often\n`)).toBe('hz often');
  });

  it('comes to run as Git says, whatever the values, or Git is refused', { timeout: 60_000 }, async () => {
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

/** What only this machine, or this build of Redis, decides; and what would end the conversation. */
const OF_THE_MACHINE = new Set([
  'activedefrag',
  'bind',
  'bind-source-addr',
  'client-query-buffer-limit',
  'maxclients',
  'maxmemory',
  'maxmemory-clients',
  'oom-score-adj',
  'port',
  'proto-max-bulk-len',
  'requirepass',
  'timeout',
]);

/** Redis takes more, but makes something else of it. */
const STRICTER = new Set(['hz', 'repl-backlog-size']);

function candidates(name: string): readonly string[] {
  const kind = directiveKind(name);
  switch (kind.kind) {
    case 'flag':
      return ['yes', 'NO', 'true', '1', ''];
    case 'choice':
      return [...kind.of, (kind.of[0] ?? '').toUpperCase(), 'other', ''];
    case 'integer':
      return [`${kind.from}`, `${kind.from - 1}`, '5', '05', '+5', '5kb', '-1', 'x', '', ...tooLarge(kind.to)];
    case 'memory':
      return ['0', '1', '5kb', '2MB', '1g', '-1', '5x', '1.5mb', `${kind.from}`, '3000000'];
    case 'octal':
      return ['700', '0700', '999'];
    case 'path':
    case 'file name':
    case 'text':
      return ['a', 'KEA', 'x y', 'é'];
    case 'words':
      return wordCandidates(name);
  }
}

/** Above what JavaScript counts exactly, Redis’s limits are not tried. */
function tooLarge(to: number): readonly string[] {
  return to < Number.MAX_SAFE_INTEGER ? [`${to}`, `${to + 1}`] : [];
}

function wordCandidates(name: string): readonly string[] {
  if (name === 'save') return ['', '900 1', '900 1 300 10', '900', '0 1', '900 x', '1 0'];
  if (name === 'client-output-buffer-limit')
    return ['replica 1mb 1mb 5', 'slave 1 2 3 normal 0 0 0', 'master 1 1 1', 'pubsub 1 1', 'normal 1 1 x', 'x 1 1 1'];
  if (name === 'oom-score-adj-values') return ['0 200 800', '0 200', '-2000 0 2000', '0 0 2001', '5 4 3'];
  if (name === 'latency-tracking-info-percentiles') return ['', '50 99.9', '101', '0', '100', 'x'];
  return ['default', 'save', 'nosave force', 'save nosave', 'now', 'x', ''];
}

describe('what Git may ask for, tried on a real Redis', () => {
  it('is what CONFIG SET takes, and comes back as the same value', { timeout: 60_000 }, async () => {
    const redis = await realRedis('');
    const differences: string[] = [];
    let tried = 0;
    const live = Object.keys(DIRECTIVES).filter(
      (name) => DIRECTIVES[name]?.change === 'live' && !/^(?:tls-|cluster-announce)/.test(name),
    );
    try {
      for (const name of live.filter((each) => !OF_THE_MACHINE.has(each))) {
        const before = (await redis.get(name)) ?? '';
        for (const value of candidates(name)) {
          if (name === 'proc-title-template') continue;
          const words = directiveKind(name).kind === 'words' ? value.trim().split(' ') : [value];
          const taken = directiveMistake(name, words) === null;
          const refusal = await redis.set(name, value);
          const running = (await redis.get(name)) ?? '';
          tried += 1;
          const stricter = !taken && STRICTER.has(name);
          if (!stricter && taken !== (refusal === null))
            differences.push(`${name} ${value}: ${taken ? 'taken' : 'refused'}, ${refusal}`);
          if (taken && !sameValue(name, value, running)) differences.push(`${name} ${value}: became ${running}`);
        }
        await redis.set(name, before);
      }
    } finally {
      await redis.end();
    }
    expect(differences).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  it('takes a change as the table says', { timeout: 60_000 }, async () => {
    const redis = await realRedis('');
    const differences: string[] = [];
    try {
      for (const [name, { change, default: usual }] of Object.entries(DIRECTIVES)) {
        const running = await redis.get(name);
        if ((usual === null) !== (running === undefined)) differences.push(`${name}: CONFIG GET says ${running}`);
        if (running === undefined) continue;
        const refusal = await redis.set(name, running);
        if ((change === 'live') !== (refusal === null)) differences.push(`${name}: ${change}, ${refusal}`);
      }
    } finally {
      await redis.end();
    }
    expect(differences).toEqual([]);
  });
});
