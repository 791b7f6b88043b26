import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRedis } from '../../../src/adapters/redis/redis-link.ts';
import { DIRECTIVES, SECRET_DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import type { DesiredNode } from '../../../src/domain/desired.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { askLive } from '../../../src/observed/ask-live.ts';
import { directiveChanges } from '../../../src/plan/directives/changes.ts';
import { realRedis, type RealRedis } from '../../adapters/real-redis.ts';
import { desiredCluster, desiredNode, host, redis, STOCK_REDIS_CONF } from '../../builders.ts';

const READ = Object.entries(DIRECTIVES)
  .filter(([name, { default: usual }]) => usual !== null && !SECRET_DIRECTIVES.has(name))
  .map(([name]) => name);

const LINES: Readonly<Record<string, readonly string[]>> = {
  'nothing more': [],
  sizes: ['maxmemory 100mb', 'maxmemory-clients 5%', 'client-query-buffer-limit 64mb', 'repl-backlog-size 1G'],
  'words and flags': [
    'maxmemory-policy ALLKEYS-lru',
    'appendfsync Always',
    'oom-score-adj relative',
    'activerehashing NO',
  ],
  'save points': ['save 900 1', 'save 300 10 60 10000'],
  'limits of clients': [
    'client-output-buffer-limit replica 512mb 128mb 60',
    'client-output-buffer-limit normal 1k 0 0',
  ],
  'several words': [
    'oom-score-adj-values 0 100 900',
    'latency-tracking-info-percentiles 50 99.95',
    'shutdown-on-sigterm now nosave',
    'notify-keyspace-events KEA',
    'bind 127.0.0.1 -::1',
  ],
  'older names': ['slave-priority 10', 'hash-max-ziplist-entries 64', 'lua-time-limit 100'],
  texts: [
    'proc-title-template "{title} said \\"hello\\" to {listen-addr}"',
    'syslog-ident "a b"',
    'replica-announce-ip Some-Name',
  ],
  'read at start only': ['databases 32', 'tcp-backlog 128', 'appendfilename "other.aof"', 'io-threads 2'],
};

let running: RealRedis | null = null;
let folder: string | null = null;

afterEach(async () => {
  await running?.end();
  if (folder !== null) await rm(folder, { recursive: true });
  running = null;
  folder = null;
});

/** A node whose file a Redis without a network can run. */
async function nodeWith(lines: readonly string[]): Promise<DesiredNode> {
  folder = await mkdtemp(join(tmpdir(), 'redisops-plan-'));
  const node = desiredNode('redis-02', { lines });
  const own = [`dir ${folder}`, 'logfile ""', 'port 0', `unixsocket ${join(folder, 's')}`];
  const others = /^(?:dir|logfile|port|pidfile)\s/;
  const said = node.redisConf.content
    .reveal()
    .split('\n')
    .filter((line) => !others.test(line));
  const content = RedisConf.parse(new SensitiveText([...said, ...own, ''].join('\n')));
  return { ...node, redisConf: { ...node.redisConf, content } };
}

async function startedWith(node: DesiredNode): Promise<ReadonlyMap<string, string>> {
  running = await realRedis(
    ...node.redisConf.content
      .reveal()
      .split('\n')
      .filter((line) => !/^unixsocket\s/.test(line)),
  );
  const link = await openRedis(running.stream(), node, undefined);
  const reply = await link.command('CONFIG', 'GET', ...READ);
  link.close();
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : [])));
}

describe.skipIf(!existsSync('/usr/bin/redis-server'))('a real Redis that was started with its file', () => {
  it.each(Object.entries(LINES))('differs in nothing: %s', async (_name, lines) => {
    const node = await nodeWith(lines);
    const shown = await startedWith(node);
    expect(shown.size).toBeGreaterThan(150);
    // The helper’s socket lies elsewhere.
    const configuration = new Map([...shown, ['unixsocket', `${folder ?? ''}/s`]]);
    const changes = directiveChanges(node, host(node, null), redis(node, { configuration }), desiredCluster(), null);
    expect(changes).toEqual({ live: [], restart: [] });
  });

  it('says itself what it accepts live, as in the table, and is left unchanged', async () => {
    const node = await nodeWith([]);
    const before = await startedWith(node);
    if (!running) throw new Error('it runs');
    const link = await openRedis(running.stream(), node, undefined);
    // Every directive has another value than the file asks.
    const lines = [...before.keys()].map((name) => `${name} redisops-other`).join('\n');
    const other = { ...node, redisConf: { ...node.redisConf, content: RedisConf.parse(new SensitiveText(lines)) } };
    const asked = await askLive(link, other, before);
    const reply = await link.command('CONFIG', 'GET', ...READ);
    link.close();
    expect([...asked].filter(([name, live]) => live !== (DIRECTIVES[name]?.change === 'live'))).toEqual([]);
    expect(asked.size).toBeGreaterThan(150);
    expect(Array.isArray(reply) && reply.filter((_, at) => at % 2 === 1)).toEqual([...before.values()]);
  });

  it('differs in nothing from Debian’s file when it runs that', async () => {
    const node = await nodeWith([]);
    const stock = RedisConf.parse(STOCK_REDIS_CONF).map((plain) =>
      plain.replaceAll(/^(?:dir|logfile|port|pidfile|daemonize|bind)\s.*\n/gm, ''),
    );
    const like = { ...node, redisConf: { ...node.redisConf, content: stock } };
    const configuration = await startedWith({
      ...like,
      redisConf: { ...like.redisConf, content: stock.map((plain) => `${plain}port 0\n`) },
    });
    // What the server here was given for its own sake is as Debian’s file has it.
    const shown = new Map([
      ...configuration,
      ['bind', '* -::*'],
      ['port', '6379'],
      ['save', '3600 1 300 100 60 10000'],
    ]);
    const changes = directiveChanges(
      like,
      host(like, null),
      redis(like, { configuration: shown }),
      desiredCluster(),
      null,
    );
    expect(changes).toEqual({ live: [], restart: [] });
  });
});
