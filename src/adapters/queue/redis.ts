import { spawn } from 'node:child_process';
import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { RedisopsError } from '../../domain/error.ts';
import type { Secret } from '../../domain/secret.ts';
import { answerOf, connectQueue, queueFailed, type QueueAddress } from './connection.ts';
import type { Log } from '../../ports/log.ts';
import { realClock } from '../../time/real-clock.ts';

/** The queue’s Redis. Call `release` last, after all other connections of this process to it are closed. */
export interface QueueRedis {
  address: QueueAddress;
  /** Resolves when Redis answers; fails with QUEUE_FAILED. */
  ping(): Promise<void>;
  /** Of the Redis that the settings name; null for our own. */
  runId(): Promise<string | null>;
  /** Ends this process’s use; when the last process leaves, its own redis-server stops. */
  release(): Promise<void>;
}

/** The Redis named in the settings, or our own under `STATE_DIR/queue`. */
export async function queueRedis(
  settings: { url?: Secret; stateDir: string; redisServer?: string },
  log: Log,
): Promise<QueueRedis> {
  return settings.url
    ? foreignRedis(settings.url, log)
    : ownRedis(settings.stateDir, settings.redisServer ?? 'redis-server', log);
}

async function foreignRedis(url: Secret, log: Log): Promise<QueueRedis> {
  const address: QueueAddress = { kind: 'url', url };
  const redis = connectQueue(address, log);
  try {
    await answerOf(redis.ping(), 5000);
    await refuseReplica(redis);
    const policy = await answerOf(redis.config('GET', 'maxmemory-policy')).catch(() => null);
    // Some hosted Redis services refuse CONFIG: the policy is then unknown.
    if (policy !== null && !JSON.stringify(policy).includes('noeviction'))
      log.warn({}, 'the queue’s Redis may evict keys: set maxmemory-policy to noeviction, or runs may be lost');
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    address,
    ping: async () => void (await answerOf(redis.ping(), 2000)),
    runId: async () => /^run_id:(\w+)/m.exec(await answerOf(redis.info('server'), 2000))?.[1] ?? null,
    release: async () => redis.disconnect(),
  };
}

/** @throws QUEUE_FAILED */
async function refuseReplica(redis: Redis): Promise<void> {
  const replication = await answerOf(redis.info('replication')).catch(() => '');
  if (!/^role:slave/m.test(replication)) return;
  throw new RedisopsError('QUEUE_FAILED', 'The queue’s Redis is a replica, which takes no writes.', {
    hint: 'Set QUEUE_REDIS_URL to a Redis that is a master and only for redisops.',
  });
}

const PROCESS = 'redisops-process';
const LEAVING = 'redisops-leaving';
const START_TIMEOUT_MS = 20_000;
/** Linux: `sun_path` has 108 bytes, including the NUL. */
const LONGEST_SOCKET_PATH = 107;
/** flock’s exit status if another process holds the lock: use that process’s server. */
const LOCK_HELD = 75;

// Contains no path: the server runs in its directory. `always`, because an acknowledged approval must survive kill -9
// and power loss; there are only a few writes a second. No save points: the AOF is the only copy on disk.
const CONFIGURATION = `port 0
unixsocket redis.sock
unixsocketperm 700
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
databases 1
loglevel warning
logfile redis.log
`;

/**
 * Bot and worker share one server, even as separate processes: the first one starts it, detached, so that it outlives a
 * killed parent; the last one shuts it down. It listens only on a Unix socket, so it cannot be a managed node. If it
 * dies, any process using it restarts it.
 */
async function ownRedis(stateDir: string, redisServer: string, log: Log): Promise<QueueRedis> {
  const directory = join(stateDir, 'queue');
  const path = join(directory, 'redis.sock');
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH)
    throw new RedisopsError('SETTINGS_INVALID', `STATE_DIR is too long for a Unix socket: ${path}`, {
      hint: `Choose a STATE_DIR of at most ${LONGEST_SOCKET_PATH - '/queue/redis.sock'.length} bytes.`,
    });
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    await writeFile(join(directory, 'redis.conf'), CONFIGURATION, { mode: 0o600 });
  } catch (error) {
    throw stateNotWritable(stateDir, error);
  }

  const leaving = new AbortController();
  let keeper = await reach(directory, path, redisServer, log);
  const watch = (): void => {
    keeper.once('end', () => void revive());
  };
  const revive = async (): Promise<void> => {
    while (!leaving.signal.aborted) {
      log.warn({}, 'the queue’s redis-server ended: restarting it');
      const next = await reach(directory, path, redisServer, log).catch(queueFailed);
      if (next instanceof Redis) {
        keeper = next;
        if (leaving.signal.aborted) keeper.disconnect();
        return watch();
      }
      log.error({ error: next }, 'the queue’s redis-server cannot be started');
      await realClock.sleep(1000);
    }
  };
  watch();

  return {
    address: { kind: 'socket', path },
    ping: async () => void (await answerOf(keeper.ping(), 2000)),
    runId: () => Promise.resolve(null),
    async release() {
      if (leaving.signal.aborted) return;
      leaving.abort();
      await leave(keeper).catch((error: unknown) =>
        log.warn({ error: queueFailed(error) }, 'could not stop the queue’s redis-server'),
      );
      keeper.disconnect();
    },
  };
}

function stateNotWritable(stateDir: string, cause: unknown): RedisopsError {
  const { username } = userInfo();
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const create = `sudo install -d -m 700 -o ${username} ${stateDir}`;
  const hints: Readonly<Record<string, string>> = {
    EACCES: `Run \`${create}\`, or set STATE_DIR to a folder of ${username}’s.`,
    EPERM: `It belongs to another user. Run \`sudo chown -R ${username} ${stateDir}\`, or set STATE_DIR to another folder.`,
    EROFS: 'Its file system is read-only. In a systemd unit, add StateDirectory= or ReadWritePaths=.',
    ENOSPC: 'Its disk is full: make room.',
    ENOTDIR: 'A file is in its place. Move it, or set STATE_DIR to another folder.',
    EEXIST: 'A file is in its place. Move it, or set STATE_DIR to another folder.',
  };
  const message = `STATE_DIR: the user ${username} cannot write to ${stateDir} (${code}).`;
  return new RedisopsError('SETTINGS_INVALID', message, { cause, hint: hints[code] ?? `Run \`${create}\`.` });
}

/** Announces leaving first: two processes leaving at once then do not count each other, and either may shut down. */
async function leave(keeper: Redis): Promise<void> {
  if (keeper.status !== 'ready') return;
  await answerOf(keeper.client('SETNAME', LEAVING));
  const clients = String(await answerOf(keeper.client('LIST')));
  if (clients.split('\n').some((line) => line.includes(` name=${PROCESS} `))) return;
  const ended = new Promise<void>((resolve) => {
    keeper.once('end', resolve);
  });
  // The answer is a closed connection.
  await Promise.all([answerOf(ended), keeper.call('SHUTDOWN').catch(() => undefined)]);
}

/** A named connection to the running server, or to a new one. */
async function reach(directory: string, path: string, redisServer: string, log: Log): Promise<Redis> {
  const deadline = realClock.elapsed() + START_TIMEOUT_MS;
  let starting: Starting | null = null;
  while (realClock.elapsed() < deadline) {
    const redis = await knock(path);
    if (redis) return redis;
    if (!starting || starting.state === 'lock held') {
      starting = await start(directory, redisServer);
      log.debug({ directory }, 'starting the queue’s redis-server');
    }
    if (starting.state === 'failed') throw await startFailed(directory, starting.reason);
    await realClock.sleep(30);
  }
  throw await startFailed(directory, `it does not answer within ${START_TIMEOUT_MS / 1000} s`);
}

/** Null if nothing is listening, or while the AOF is loading. */
async function knock(path: string): Promise<Redis | null> {
  const redis = new Redis({
    path,
    connectionName: PROCESS,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // Errors surface in the rejected promises.
  redis.on('error', () => undefined);
  try {
    await answerOf(redis.connect(), 5000);
    await answerOf(redis.ping(), 2000);
    await answerOf(redis.client('SETNAME', PROCESS), 2000);
    return redis;
  } catch {
    redis.disconnect();
    return null;
  }
}

interface Starting {
  state: 'running' | 'lock held' | 'failed';
  reason: string;
}

/** The kernel releases flock’s lock with the process: no two servers on one AOF, and no stale lock. */
async function start(directory: string, redisServer: string): Promise<Starting> {
  const log = await open(join(directory, 'redis.log'), 'a', 0o600);
  const command = [
    '--nonblock',
    '--conflict-exit-code',
    String(LOCK_HELD),
    '--no-fork',
    'lock',
    redisServer,
    'redis.conf',
  ];
  const child = spawn('flock', command, { cwd: directory, detached: true, stdio: ['ignore', log.fd, log.fd] });
  const starting: Starting = { state: 'running', reason: '' };
  child.once('error', (error) => Object.assign(starting, { state: 'failed', reason: error.message }));
  child.once('exit', (status, signal) => {
    const reason = signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`;
    Object.assign(starting, { state: status === LOCK_HELD ? 'lock held' : 'failed', reason });
  });
  child.unref();
  await log.close();
  return starting;
}

async function startFailed(directory: string, reason: string): Promise<RedisopsError> {
  const file = join(directory, 'redis.log');
  const log = await readFile(file, 'utf8').catch(() => '');
  const tail = log.trimEnd().split('\n').slice(-3).join('\n');
  return new RedisopsError('QUEUE_FAILED', `The queue’s own redis-server does not run: ${reason}\n${tail}`.trimEnd(), {
    hint: `Install it (apt-get install redis-server) or set QUEUE_REDIS_URL. Its log: ${file}`,
  });
}
