import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RealRedis {
  /** CONFIG GET. */
  get(directive: string): Promise<string | undefined>;
  /** The error of CONFIG SET; null if accepted. */
  set(directive: string, value: string): Promise<string | null>;
  /** Its original file, and the file after CONFIG REWRITE. */
  rewrite(): Promise<{ before: string; after: string }>;
  end(): Promise<void>;
}

/** A node's redis.conf without what this machine lacks: its folders, unit and master. */
function here(conf: string, folder: string): string {
  return conf
    .replaceAll(/^(?:dir|logfile|pidfile|supervised|bind|port|replicaof|protected-mode) .*\n/gm, '')
    .concat(`dir ${folder}\nbind 127.0.0.1\nport 0\nunixsocket ${folder}/redis.sock\n`);
}

/** A redis-server with this redis.conf, in its own folder, on a Unix socket. */
export async function realRedis(conf: string, password?: string): Promise<RealRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-'));
  await writeFile(join(folder, 'redis.conf'), here(conf, folder));
  const server = spawn('redis-server', [join(folder, 'redis.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', () => reject(new Error(said.join(''))));
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (data: Buffer) => {
        said.push(data.toString());
        if (said.join('').includes('ready to accept connections')) resolve();
      });
  });
  const gone = once(server, 'exit');
  try {
    await ready;
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  const client = new Redis({ path: join(folder, 'redis.sock'), ...(password === undefined ? {} : { password }) });
  return {
    async get(directive) {
      const [, value] = await client.config('GET', directive);
      return value;
    },
    async set(directive, value) {
      return client.config('SET', directive, value).then(
        () => null,
        (error: unknown) => String(error),
      );
    },
    async rewrite() {
      const before = await readFile(join(folder, 'redis.conf'), 'utf8');
      await client.config('REWRITE');
      return { before, after: await readFile(join(folder, 'redis.conf'), 'utf8') };
    },
    async end() {
      client.disconnect();
      server.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

/** The first line that Redis itself rejects; the made-up option comes last. */
export async function parseWithRedis(conf: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-'));
  await writeFile(join(folder, 'redis.conf'), here(conf, folder));
  const { stderr, stdout } = spawnSync('redis-server', [join(folder, 'redis.conf'), '--bot-dry-run', '1'], {
    encoding: 'utf8',
  });
  await rm(folder, { recursive: true });
  return /^>>> '(.*)'$/m.exec(stdout + stderr)?.[1] ?? '';
}

/** The first line that Sentinel itself rejects; null if none. The made-up statement comes last. */
export async function parseWithSentinel(conf: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-'));
  const own = conf.replaceAll(/^(?:dir|logfile|pidfile|bind) .*\n/gm, (line) => (line.includes('"') ? line : ''));
  await writeFile(join(folder, 'sentinel.conf'), `${own}dir ${folder}\nsentinel not-a-statement\n`);
  const { stderr, stdout } = spawnSync('redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  await rm(folder, { recursive: true });
  const line = /^>>> '(.*)'$/m.exec(stdout + stderr)?.[1] ?? stdout + stderr;
  return line === 'sentinel not-a-statement' ? null : line;
}
