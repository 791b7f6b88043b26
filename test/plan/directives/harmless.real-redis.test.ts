import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../lab/until.ts';
import { openRedis } from '../../../src/adapters/redis/redis-link.ts';
import { HARMLESS, isHarmless } from '../../../src/plan/directives/harmless.ts';
import type { RedisLink } from '../../../src/ports/nodes.ts';
import { realRedis, type RealRedis } from '../../adapters/real-redis.ts';
import { desiredNode } from '../../builders.ts';
import { Secret } from '../../../src/domain/secret.ts';

/** Each harmless change, at its limits: from, to. */
const TRIED: Readonly<Record<keyof typeof HARMLESS, readonly (readonly [from: string, to: string])[]>> = {
  'acllog-max-len': [['128', '10000']],
  activerehashing: [['no', 'yes']],
  'aof-rewrite-incremental-fsync': [['no', 'yes']],
  'crash-log-enabled': [['no', 'yes']],
  'dynamic-hz': [
    ['yes', 'no'],
    ['no', 'yes'],
  ],
  hz: [
    ['10', '500'],
    ['500', '1'],
  ],
  'latency-monitor-threshold': [
    ['0', '1'],
    ['1', '0'],
  ],
  'latency-tracking': [
    ['yes', 'no'],
    ['no', 'yes'],
  ],
  'latency-tracking-info-percentiles': [['50 99 99.9', '99']],
  'lazyfree-lazy-expire': [['no', 'yes']],
  'lazyfree-lazy-server-del': [['no', 'yes']],
  'lazyfree-lazy-user-del': [['no', 'yes']],
  loglevel: [
    ['notice', 'debug'],
    ['debug', 'warning'],
  ],
  masterauth: [['', 'secret']],
  maxclients: [['100', '200']],
  maxmemory: [
    ['0', '16mb'],
    ['16mb', '32mb'],
    ['32mb', '16mb'],
  ],
  'rdb-save-incremental-fsync': [['no', 'yes']],
  rdbcompression: [['no', 'yes']],
  'repl-backlog-size': [['1048576', '64mb']],
  'repl-backlog-ttl': [
    ['3600', '7200'],
    ['7200', '0'],
  ],
  'repl-disable-tcp-nodelay': [['yes', 'no']],
  'repl-diskless-sync': [['no', 'yes']],
  'repl-diskless-sync-delay': [['5', '0']],
  'repl-diskless-sync-max-replicas': [
    ['0', '3'],
    ['3', '1'],
  ],
  'slowlog-log-slower-than': [
    ['10000', '0'],
    ['0', '-1'],
  ],
  'slowlog-max-len': [
    ['128', '10000'],
    ['10000', '0'],
  ],
  timeout: [
    ['100', '1000'],
    ['1000', '0'],
  ],
};

const PASSWORD = new Secret('secret');
const CLIENTS = 5;
const KEYS = 200;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return address.port;
}

describe.skipIf(!existsSync('/usr/bin/redis-server'))('a real Redis with clients and a replica', () => {
  let redis: RealRedis;
  let replica: RealRedis;
  let copy: RedisLink;
  let clients: readonly RedisLink[] = [];
  const ask = (...command: string[]) => clients[0]?.command(command[0] ?? '', ...command.slice(1));
  const info = async (section: string, name: string) =>
    new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(String(await ask('INFO', section)))?.[1];

  beforeAll(async () => {
    const port = await freePort();
    const node = desiredNode('redis-01');
    redis = await realRedis(`port ${port}`, 'bind 127.0.0.1', 'repl-diskless-sync-delay 0', 'requirepass secret');
    clients = await Promise.all(Array.from({ length: CLIENTS }, () => openRedis(redis.stream(), node, PASSWORD)));
    for (let at = 0; at < KEYS; at += 1) await ask('SET', `key:${at}`, 'x'.repeat(100));
    replica = await realRedis(`replicaof 127.0.0.1 ${port}`, 'masterauth secret');
    copy = await openRedis(replica.stream(), node, undefined);
    await until('the replica has every key', 30, async () => ((await copy.command('DBSIZE')) === KEYS ? true : null));
  }, 60_000);

  afterAll(async () => {
    for (const link of [...clients, copy]) link.close();
    await replica.end();
    await redis.end();
  });

  it.each(Object.keys(HARMLESS))('notices nothing of %s', async (directive) => {
    const tried = TRIED[directive] ?? [];
    expect(tried.length).toBeGreaterThan(0);
    for (const [from, to] of tried) {
      await ask('CONFIG', 'SET', directive, from);
      const usedMemoryBytes = Number(await info('memory', 'used_memory'));
      const around = { redis: { usedMemoryBytes, requiresPassword: true }, memoryAvailableBytes: 4_000_000_000 };
      expect(isHarmless({ directive, from, to, secret: false }, around)).toBe(true);
      const syncs = await info('stats', 'sync_full');
      await ask('CONFIG', 'SET', directive, to);

      for (const client of clients) expect(await client.command('PING')).toBe('PONG');
      await ask('SET', 'after', `${directive} ${to}`);
      await expect.poll(() => copy.command('GET', 'after'), { timeout: 30_000 }).toBe(`${directive} ${to}`);
      expect(await ask('DBSIZE')).toBe(KEYS + 1);
      expect(await info('stats', 'sync_full')).toBe(syncs);
      expect(await info('stats', 'evicted_keys')).toBe('0');
    }
  });
});
