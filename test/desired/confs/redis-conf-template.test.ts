import { describe, expect, it } from 'vitest';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { INVENTORY, REPLICATED, confOf, desiredOf } from '../repository.ts';

async function directives(variables: string, node = 'redis-02'): Promise<Readonly<Record<string, string>>> {
  const conf = new SensitiveText(confOf(await desiredOf(variables), node));
  return Object.fromEntries(RedisConf.parse(conf).values);
}

describe('redis.conf', () => {
  it('of a replica has what the field taught', async () => {
    expect(await directives(`${REPLICATED}redis_password: "a b"\n`)).toEqual({
      bind: '127.0.0.1 10.0.0.124',
      'protected-mode': 'yes',
      port: '6379',
      daemonize: 'no',
      supervised: 'systemd',
      pidfile: '/run/redis/redis-server.pid',
      logfile: '/var/log/redis/redis-server.log',
      dir: '/data/redis',
      dbfilename: 'temp-sync.rdb',
      save: '',
      appendonly: 'no',
      'rdb-del-sync-files': 'yes',
      'stop-writes-on-bgsave-error': 'yes',
      replicaof: '10.0.0.123 6379',
      'replica-read-only': 'yes',
      'replica-serve-stale-data': 'yes',
      'repl-diskless-sync': 'yes',
      'repl-diskless-sync-max-replicas': '2',
      'repl-diskless-load': 'disabled',
      'repl-backlog-size': '16mb',
      requirepass: 'a b',
      masterauth: 'a b',
    });
  });

  it('of the master differs only in role and address', async () => {
    const { replicaof, bind, ...replica } = await directives(REPLICATED);
    expect({ replicaof, bind }).toEqual({ replicaof: '10.0.0.123 6379', bind: '127.0.0.1 10.0.0.124' });
    expect(await directives(REPLICATED, 'redis-01')).toEqual({ ...replica, bind: '127.0.0.1 10.0.0.123' });
  });

  it('names the master’s own port', async () => {
    const desired = await desiredOf(REPLICATED, { 'ansible/host_vars/redis-01.yml': 'redis_port: 6390\n' });
    expect(confOf(desired, 'redis-03')).toMatch(/^replicaof 10\.0\.0\.123 6390$/m);
  });

  it('admits others without a password only if there is none', async () => {
    expect(await directives(REPLICATED)).toMatchObject({ 'protected-mode': 'no' });
    expect(await directives(REPLICATED)).not.toHaveProperty('requirepass');
  });

  it('has a different masterauth if Git says so', async () => {
    const both = `${REPLICATED}redis_password: one\nredis_masterauth: other\n`;
    expect(await directives(both)).toMatchObject({ requirepass: 'one', masterauth: 'other' });
  });

  it('has what Git says in place of its own lines, once', async () => {
    const own = `${REPLICATED}redis_bind: [10.0.0.124, "-::1", "*"]
redis_maxmemory: 256mb
redis_maxmemory_policy: allkeys-LRU
redis_repl_backlog_size: 64mb
redis_repl_diskless_sync: off
redis_config:
  save: [900 1, 300 10]
  appendonly: yes
  appenddirname: aof
  repl-diskless-load: swapdb
  protected-mode: yes
`;
    expect(await directives(own)).toMatchObject({
      bind: '10.0.0.124 -::1 *',
      maxmemory: '256mb',
      'maxmemory-policy': 'allkeys-lru',
      'repl-backlog-size': '64mb',
      'repl-diskless-sync': 'no',
      save: '900 1 300 10',
      appendonly: 'yes',
      'repl-diskless-load': 'swapdb',
      'protected-mode': 'yes',
    });
    const desired = await desiredOf(own);
    expect(confOf(desired, 'redis-02').match(/^(?:appendonly|save|repl-diskless-load)\b.*/gm)).toEqual([
      'appendonly yes',
      'repl-diskless-load swapdb',
      'save 900 1',
      'save 300 10',
    ]);
    expect(desired.nodes[0]?.directories.map(({ path }) => path)).toEqual(['/data/redis', '/data/redis/aof']);
  });

  it('listens on loopback once, even if that is the node’s address', async () => {
    const inventory = 'redis:\n  hosts:\n    a: { ansible_host: 127.0.0.1 }\n';
    const desired = await desiredOf('redis_port: 6379\n', { [INVENTORY]: inventory });
    expect(confOf(desired, 'a')).toMatch(/^bind 127\.0\.0\.1$/m);
  });

  it('names its manager, but no time', async () => {
    const conf = confOf(await desiredOf(REPLICATED), 'redis-01');
    expect(conf).toMatch(/^# Managed by redisops from Git\./);
    expect(conf).not.toMatch(/20\d\d/);
    expect(conf).toMatch(/[^\n]\n$/);
  });
});

describe('the drop-in', () => {
  it('opens the data directory, and no more', async () => {
    const desired = await desiredOf('redis_dir: /srv/redis/\nredis_bind: 0.0.0.0\n');
    expect(desired.nodes[0]?.dropIn.content.reveal()).toBe(
      '# Managed by redisops from Git. Changes made by hand are undone by the next apply.\n[Service]\nReadWritePaths=/srv/redis\n',
    );
  });
});
