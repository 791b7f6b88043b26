import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { queueRedis, type QueueRedis } from '../../../src/adapters/queue/redis.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { startChild } from '../child.ts';
import { quietLog } from '../quiet-log.ts';
import { eventually } from '../../eventually.ts';

let stateDir: string;
const open: QueueRedis[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'redisops-'));
});

afterEach(async () => {
  for (const redis of open.splice(0)) await redis.release();
  await rm(stateDir, { recursive: true, force: true });
});

async function start(): Promise<QueueRedis> {
  const redis = await queueRedis({ stateDir }, quietLog());
  open.push(redis);
  return redis;
}

/** Asks over a separate connection, and closes it. */
async function ask<T>({ address }: QueueRedis, question: (redis: ReturnType<typeof connectQueue>) => Promise<T>) {
  const redis = connectQueue(address, quietLog());
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

async function pidOf(redis: QueueRedis): Promise<number> {
  const info = await ask(redis, (connection) => connection.info('server'));
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);
const ended = (pid: number) => vi.waitUntil(() => !lives(pid), { timeout: 10_000, interval: 10 });

describe('the queue’s own Redis', () => {
  it('listens on a socket that only its owner reaches, keeps every write, and evicts nothing', async () => {
    const redis = await start();
    const settings = await ask(redis, (connection) =>
      connection.config('GET', 'port', 'appendonly', 'appendfsync', 'maxmemory-policy', 'save'),
    );
    expect(settings).toEqual(
      expect.arrayContaining(['port', '0', 'appendonly', 'yes', 'appendfsync', 'always', 'noeviction']),
    );
    expect((await stat(join(stateDir, 'queue'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(stateDir, 'queue', 'redis.sock'))).mode & 0o077).toBe(0);
  });

  it('is shared by all, and ends with the last', async () => {
    const both = await Promise.all([start(), start(), start()]);
    const pids = await Promise.all(both.map(pidOf));
    expect(new Set(pids).size).toBe(1);
    const [pid = 0] = pids;
    await both[0]?.release();
    await both[1]?.release();
    expect(lives(pid)).toBe(true);
    await both[2]?.ping();
    await both[2]?.release();
    expect(await ended(pid)).toBe(true);
  });

  it('ends also when the last two leave at once', async () => {
    const both = [await start(), await start()];
    const pid = await pidOf(await start());
    await open.pop()?.release();
    await Promise.all(both.map((redis) => redis.release()));
    expect(await ended(pid)).toBe(true);
  });

  it('outlives the kill -9 of the process that started it', async () => {
    const child = await startChild('queue-redis-child.ts', [stateDir]);
    expect(child.said).toBe('written\n');
    await child.kill();
    const redis = await start();
    expect(await ask(redis, (connection) => connection.get('acknowledged'))).toBe('yes');
    const pid = await pidOf(redis);
    await redis.release();
    expect(await ended(pid)).toBe(true);
  }, 20_000);

  it('is started again with all its data when it is killed', async () => {
    const redis = await start();
    await ask(redis, (connection) => connection.set('acknowledged', 'yes'));
    const pid = await pidOf(redis);
    process.kill(pid, 'SIGKILL');
    expect(await ended(pid)).toBe(true);
    expect(await ask(redis, (connection) => connection.get('acknowledged'))).toBe('yes');
    expect(await pidOf(redis)).not.toBe(pid);
    await eventually(() => redis.ping());
  });

  it('keeps its data over a graceful stop', async () => {
    const first = await start();
    await ask(first, (connection) => connection.set('acknowledged', 'yes'));
    await first.release();
    const second = await start();
    expect(await ask(second, (connection) => connection.get('acknowledged'))).toBe('yes');
  });

  it('says what to install without a redis-server', async () => {
    const starting = queueRedis({ stateDir, redisServer: 'no-such-redis-server' }, quietLog());
    await expect(starting).rejects.toMatchObject({
      code: 'QUEUE_FAILED',
      hint: expect.stringContaining('apt-get install redis-server'),
    });
  });

  it('shows the log if redis-server does not start', async () => {
    const starting = queueRedis({ stateDir, redisServer: '/bin/false' }, quietLog());
    await expect(starting).rejects.toMatchObject({
      code: 'QUEUE_FAILED',
      message: expect.stringContaining('status 1'),
    });
  });

  it('names a STATE_DIR that cannot be written, and the way out', async () => {
    await writeFile(join(stateDir, 'file'), '');
    const starting = queueRedis({ stateDir: join(stateDir, 'file', 'state') }, quietLog());
    await expect(starting).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringMatching(/^STATE_DIR: the user \w+ cannot write to .*\/file\/state \(ENOTDIR\)\.$/),
      hint: expect.stringContaining('set STATE_DIR to another folder'),
    });
  });

  it('refuses a STATE_DIR that is too long for a socket', async () => {
    const starting = queueRedis({ stateDir: join(stateDir, 'x'.repeat(100)) }, quietLog());
    await expect(starting).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });

  it('has nothing secret in its configuration', async () => {
    await start();
    expect(await readFile(join(stateDir, 'queue', 'redis.conf'), 'utf8')).not.toMatch(/requirepass/);
  });
});

describe('a foreign Redis', () => {
  async function listening(): Promise<{ port: number; pid: number }> {
    const own = await start();
    const port = await freePort();
    await ask(own, (connection) => connection.config('SET', 'port', String(port)));
    await ask(own, (connection) => connection.config('SET', 'requirepass', 'hunter2'));
    return { port, pid: await passwordlessPid(port) };
  }

  async function passwordlessPid(port: number): Promise<number> {
    return pidOf({ ...foreign, address: { kind: 'url', url: new Secret(`redis://:hunter2@127.0.0.1:${port}`) } });
  }

  const foreign = { ping: async () => undefined, runId: async () => null, release: async () => undefined };

  it('is used unchanged, and is not stopped', async () => {
    const { port, pid } = await listening();
    const redis = await queueRedis({ url: new Secret(`redis://:hunter2@127.0.0.1:${port}`), stateDir }, quietLog());
    await redis.ping();
    await redis.release();
    expect(lives(pid)).toBe(true);
    expect(await passwordlessPid(port)).toBe(pid);
  });

  it('is named in a warning if it may evict the queue', async () => {
    const { port } = await listening();
    const url = new Secret(`redis://:hunter2@127.0.0.1:${port}`);
    const log = quietLog();
    await ask({ ...foreign, address: { kind: 'url', url } }, (redis) =>
      redis.config('SET', 'maxmemory-policy', 'allkeys-lru'),
    );
    const redis = await queueRedis({ url, stateDir }, log);
    await redis.release();
    expect(log.lines.map(({ message }) => message)).toEqual([expect.stringContaining('noeviction')]);
  });

  it('is refused as a replica, which takes no writes', async () => {
    const { port } = await listening();
    const url = new Secret(`redis://:hunter2@127.0.0.1:${port}`);
    await ask({ ...foreign, address: { kind: 'url', url } }, (redis) => redis.replicaof('127.0.0.1', 1));
    const failure = await queueRedis({ url, stateDir }, quietLog()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'QUEUE_FAILED', message: expect.stringContaining('replica') });
  });

  it('has a run ID, by which it is told from a node', async () => {
    const { port } = await listening();
    const redis = await queueRedis({ url: new Secret(`redis://:hunter2@127.0.0.1:${port}`), stateDir }, quietLog());
    expect(await redis.runId()).toMatch(/^[\da-f]{40}$/);
    await redis.release();
  });

  it('fails with QUEUE_FAILED, without the password, if that is refused', async () => {
    const { port } = await listening();
    const log = quietLog();
    const url = new Secret(`redis://someone:s3cr3t@127.0.0.1:${port}/0`);
    const failure = await queueRedis({ url, stateDir }, log).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'QUEUE_FAILED' });
    expect(inspect(failure, { depth: 9 }) + inspect(log.lines, { depth: 9 })).not.toContain('s3cr3t');
  }, 15_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
