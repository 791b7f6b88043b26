import { inspect } from 'node:util';
import { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRedis } from '../../../src/adapters/redis/redis-link.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { realRedis, type RealRedis } from '../real-redis.ts';
import type { RedisLink } from '../../../src/ports/nodes.ts';

const NODE = { name: 'redis-02', address: '10.0.0.124', sshPort: 22, redisPort: 6379 };
const CANARY = 'canary-4e7 word"1';
const PASSWORD = new Secret(CANARY);

const links: RedisLink[] = [];

afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

async function open(stream: Duplex, password?: Secret, timeoutMs?: number): Promise<RedisLink> {
  const link = await openRedis(stream, NODE, password, timeoutMs);
  links.push(link);
  return link;
}

/** The other end answers each chunk with the next text, and nothing after the last. */
function scripted(...answers: readonly string[]): Duplex {
  const left = [...answers];
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      const answer = left.shift();
      if (answer !== undefined) this.push(answer);
      done();
    },
  });
}

async function failure(outcome: Promise<unknown>): Promise<{ code: string; message: string }> {
  return outcome.then(
    () => ({ code: 'no error', message: '' }),
    (error: unknown) => asRedisopsError(error),
  );
}

describe('with a password', () => {
  let redis: RealRedis;
  beforeAll(async () => {
    redis = await realRedis(`requirepass "${CANARY.replaceAll('"', String.raw`\"`)}"`);
  });
  afterAll(() => redis.end());

  it('lets in with the right one', async () => {
    const link = await open(redis.stream(), PASSWORD);
    expect(await link.command('PING')).toBe('PONG');
  });

  it('says when it is another than Git’s', async () => {
    const error = await failure(open(redis.stream(), new Secret('wrong')));
    expect(error).toMatchObject({ code: 'REDIS_AUTH_FAILED', message: expect.stringContaining('refuses') });
  });

  it('says when Git has none', async () => {
    const error = await failure(open(redis.stream()));
    expect(error).toMatchObject({ code: 'REDIS_AUTH_FAILED', message: expect.stringContaining('Git has none') });
  });

  it('keeps the password and other secrets out of every error', async () => {
    const link = await open(redis.stream(), PASSWORD);
    const other = new Secret('canary-other');
    const errors = [
      await failure(link.command('CONFIG', 'SET', 'no-such-directive', PASSWORD)),
      await failure(link.command('NO-SUCH-COMMAND', CANARY)),
      await failure(link.command('NO-SUCH-COMMAND', other)),
      await failure(link.transaction([['NO-SUCH-COMMAND', CANARY]])),
    ];
    const unavailable = 'COMMAND_UNAVAILABLE';
    expect(errors.map(({ code }) => code)).toEqual(['REDIS_ERROR', unavailable, unavailable, unavailable]);
    for (const error of errors) {
      const shown = inspect(error, { depth: Infinity, showHidden: true }) + error.message;
      expect(shown).not.toContain('canary');
    }
  });
});

describe('without a password', () => {
  let redis: RealRedis;
  beforeAll(async () => {
    redis = await realRedis();
  });
  afterAll(() => redis.end());

  it('accepts any password, and none', async () => {
    expect(await (await open(redis.stream(), PASSWORD)).command('PING')).toBe('PONG');
    expect(await (await open(redis.stream())).command('PING')).toBe('PONG');
  });

  it('answers commands sent without waiting in their order', async () => {
    const link = await open(redis.stream());
    const replies = await Promise.all([
      link.command('SET', 'n', '1'),
      link.command('INCR', 'n'),
      link.command('GET', 'n'),
      link.command('GET', 'nothing'),
      link.command('CONFIG', 'GET', 'appendonly'),
    ]);
    expect(replies).toEqual(['OK', 2, '2', null, ['appendonly', 'no']]);
  });

  it('carries out a transaction as one', async () => {
    const link = await open(redis.stream());
    expect(
      await link.transaction([
        ['SET', 't', '1'],
        ['INCR', 't'],
      ]),
    ).toEqual(['OK', 2]);
  });

  it('carries out nothing of a transaction that has a wrong command', async () => {
    const link = await open(redis.stream());
    const outcome = link.transaction([['SET', 'u', '1'], ['NO-SUCH-COMMAND']]);
    expect(await failure(outcome)).toMatchObject({
      code: 'COMMAND_UNAVAILABLE',
      message: expect.stringContaining('NO-SUCH-COMMAND'),
    });
    expect(await link.command('GET', 'u')).toBeNull();
  });

  it('continues after an error reply', async () => {
    const link = await open(redis.stream());
    expect(await failure(link.command('GET'))).toMatchObject({ code: 'REDIS_ERROR' });
    expect(await link.command('PING')).toBe('PONG');
  });

  it('rejects commands after it was closed', async () => {
    const link = await open(redis.stream());
    link.close();
    expect(await failure(link.command('PING'))).toMatchObject({ code: 'REDIS_CONNECTION_LOST' });
  });

  it('reports that Redis is gone', async () => {
    const own = await realRedis();
    const link = await open(own.stream());
    const answer = failure(link.command('BLPOP', 'never', '0'));
    await own.end();
    expect(await answer).toMatchObject({ code: 'REDIS_CONNECTION_LOST' });
  });

  it('says when Redis hangs', async () => {
    const own = await realRedis();
    own.kill('SIGSTOP');
    expect(await failure(open(own.stream(), undefined, 100))).toMatchObject({ code: 'REDIS_TIMEOUT' });
    await own.end();
  });
});

describe('what Redis may say to the first words', () => {
  it.each([
    ['it is loading', '-LOADING Redis is loading the dataset in memory\r\n', undefined, 'no error'],
    ['its link to the master is down', '-MASTERDOWN Link with MASTER is down\r\n', undefined, 'no error'],
    ['it wants a password', '-NOAUTH Authentication required.\r\n', undefined, 'REDIS_AUTH_FAILED'],
    ['the password is wrong', '-WRONGPASS invalid username-password pair\r\n', PASSWORD, 'REDIS_AUTH_FAILED'],
    ['the password is wrong, before 6.0', '-ERR invalid password\r\n', PASSWORD, 'REDIS_AUTH_FAILED'],
    ['protected mode', '-DENIED Redis is running in protected mode\r\n', undefined, 'REDIS_PROTECTED'],
    ['too many clients', '-ERR max number of clients reached\r\n', undefined, 'REDIS_MAXCLIENTS'],
    ['a script blocks it', '-BUSY Redis is busy running a script.\r\n', undefined, 'no error'],
    ['it cannot save', '-MISCONF Redis is configured to save RDB snapshots\r\n', undefined, 'no error'],
    ['PING is renamed', "-ERR unknown command 'PING', with args beginning with: \r\n", undefined, 'no error'],
    [
      'the user is off',
      '-WRONGPASS invalid username-password pair or user is disabled.\r\n',
      PASSWORD,
      'REDIS_AUTH_FAILED',
    ],
    ['it is no Redis', 'SSH-2.0-OpenSSH_9.2\r\n', undefined, 'REDIS_CONNECTION_LOST'],
  ])('%s', async (_, answer, password, code) => {
    expect(await failure(open(scripted(answer), password))).toMatchObject({ code });
  });

  it('nothing', async () => {
    expect(await failure(open(scripted(), undefined, 50))).toMatchObject({ code: 'REDIS_TIMEOUT' });
  });

  it('goodbye', async () => {
    const stream = scripted();
    const outcome = failure(open(stream));
    stream.destroy(new Error('reset'));
    expect(await outcome).toMatchObject({ code: 'REDIS_CONNECTION_LOST' });
  });
});
