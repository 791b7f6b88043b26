import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import type { RedisFacts, RedisUp } from '../../src/domain/facts.ts';
import { redisUp, type RedisReplies } from '../../src/observed/redis-up.ts';
import { MASTER, REPLICA, edited } from '../domain/replication/info-replies.ts';

const ROLE_OF_MASTER = [
  'master',
  50,
  [
    ['10.0.0.125', '6379', '0'],
    ['10.0.0.124', '6379', '0'],
  ],
];
const ROLE_OF_REPLICA = ['slave', '10.0.0.123', 6379, 'connected', 50];

const REPLIES: RedisReplies = {
  info: MASTER,
  role: ROLE_OF_MASTER,
  configuration: ['dir', '/data/redis', 'save', '', 'requirepass', 'canary-requirepass'],
  masterauth: ['masterauth', 'canary-masterauth'],
  users: ['user default on nopass ~* &* +@all'],
  sentinels: ['__sentinel__:hello', 0],
  auth: 'OK',
};

const errorReply = (text: string): RedisopsError => new RedisopsError('REDIS_ERROR', text, { hint: '' });

function up(changes: Partial<RedisReplies>): RedisUp {
  const facts = redisUp({ ...REPLIES, ...changes });
  if (facts.state !== 'up') throw new Error(facts.reason);
  return facts;
}

describe('a Redis that answers', () => {
  it('is a master', () => {
    expect(up({})).toMatchObject({
      state: 'up',
      version: '7.0.15',
      role: 'master',
      offset: 50,
      loading: false,
      keys: 1,
      keyspace: new Map([[0, 1]]),
      persistence: { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true },
      failoverInProgress: false,
      watchedBySentinel: false,
    });
    expect(up({}).master).toBeNull();
  });

  it('is a replica', () => {
    const facts = up({ info: REPLICA, role: ROLE_OF_REPLICA });
    expect(facts).toMatchObject({
      role: 'replica',
      offset: 50,
      replicas: [],
      master: { state: 'connected', up: true },
    });
  });

  it('has its own offset, not its master’s', () => {
    const info = edited(REPLICA, [['slave_repl_offset:50', 'slave_repl_offset:41']]);
    expect(up({ info, role: ROLE_OF_REPLICA }).offset).toBe(41);
  });

  it.each([
    [{ loading: true }, 'loading:0', 'loading:1'],
    [{ loading: true }, 'async_loading:0', 'async_loading:1'],
    [{ failoverInProgress: true }, 'no-failover', 'waiting-for-sync'],
    [{ persistence: { rdbLastSaveOk: false } }, 'rdb_last_bgsave_status:ok', 'rdb_last_bgsave_status:err'],
    [{ persistence: { aofEnabled: true } }, 'aof_enabled:0', 'aof_enabled:1'],
    [{ persistence: { aofLastWriteOk: false } }, 'aof_last_write_status:ok', 'aof_last_write_status:err'],
    [{ keys: 8 }, 'db0:keys=1', 'db3:keys=7,expires=0\r\ndb0:keys=1'],
  ])('says so: %j', (facts, from, to) => {
    expect(up({ info: edited(MASTER, [[from, to]]) })).toMatchObject(facts);
  });

  it('keeps its secrets, and shows none', () => {
    const facts = up({});
    expect(facts.masterauth?.reveal()).toBe('canary-masterauth');
    expect([...facts.configuration]).toEqual([
      ['dir', '/data/redis'],
      ['save', ''],
    ]);
    expect(inspect(facts, { depth: Infinity }) + JSON.stringify(facts)).not.toContain('canary');
  });

  it('may have no masterauth', () => {
    expect(up({ masterauth: ['masterauth', ''] })).not.toHaveProperty('masterauth');
  });

  it('may be watched by Sentinel', () => {
    expect(up({ sentinels: ['__sentinel__:hello', 3] }).watchedBySentinel).toBe(true);
  });

  it.each([
    ['Git’s password is taken', 'OK', { requiresPassword: true }],
    ['neither has one', null, { requiresPassword: false }],
    [
      'Git has one, and Redis none',
      errorReply('answered AUTH: ERR AUTH <password> called without any password configured for the default user.'),
      { requiresPassword: false },
    ],
  ])('lets in: %s', (_, auth, facts) => {
    expect(up({ auth })).toMatchObject(facts);
  });
});

describe('a Redis that is not understood', () => {
  const without = (name: string): string => MASTER.replace(new RegExp(`^${name}:.*\\r\\n`, 'm'), '');

  it.each<[string, Partial<RedisReplies>, Partial<RedisFacts>]>([
    ['INFO fails', { info: errorReply('NOPERM') }, { code: 'REDIS_ERROR', reason: 'NOPERM' }],
    ['INFO is no text', { info: 7 }, { code: 'REDIS_ERROR' }],
    [
      'INFO is cut short',
      { info: without('run_id') },
      { code: 'REDIS_ERROR', reason: expect.stringContaining('run_id') },
    ],
    ['ROLE fails', { role: errorReply('unknown command') }, { code: 'REDIS_ERROR', reason: 'unknown command' }],
    ['it is a Sentinel', { role: ['sentinel', []] }, { code: 'REDIS_ERROR' }],
    ['CONFIG was renamed', { configuration: errorReply('ERR unknown command') }, { reason: 'ERR unknown command' }],
    ['masterauth is not told', { masterauth: errorReply('NOPERM') }, { reason: 'NOPERM' }],
    ['PUBSUB is not told', { sentinels: errorReply('NOPERM') }, { reason: 'NOPERM' }],
    ['the password changed meanwhile', { auth: errorReply('WRONGPASS') }, { reason: 'WRONGPASS' }],
    [
      'it stopped answering',
      { role: new RedisopsError('REDIS_TIMEOUT', 'late', { hint: '' }) },
      { code: 'REDIS_TIMEOUT' },
    ],
    ['it is too old', { info: edited(MASTER, [['7.0.15', '6.2.7']]) }, { reason: expect.stringContaining('6.2.7') }],
    [
      'it is a cluster',
      { info: edited(MASTER, [['standalone', 'cluster']]) },
      { reason: expect.stringContaining('cluster') },
    ],
  ])('is unreadable: %s', (_, changes, facts) => {
    expect(redisUp({ ...REPLIES, ...changes })).toMatchObject({ state: 'unreadable', ...facts });
  });
});
