import { describe, expect, it } from 'vitest';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { differingDirectives } from '../../../src/domain/redis/same-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { realRedis } from '../../desired/real-redis.ts';

const FILES: Readonly<Record<string, readonly string[]>> = {
  'nothing said': [],
  'what redisops writes': ['save ""', 'appendonly no', 'rdb-del-sync-files yes', 'repl-backlog-size 16mb'],
  sizes: ['maxmemory 100MB', 'maxmemory-clients 5%', 'client-query-buffer-limit 64mb', 'repl-backlog-size 1G'],
  'words and flags': [
    'maxmemory-policy ALLKEYS-lru',
    'oom-score-adj Relative',
    'loglevel VERBOSE',
    'activerehashing NO',
  ],
  'save points': ['save "900 1 300 10"', 'save 60 10000'],
  'limits of clients': [
    'client-output-buffer-limit replica 512mb 128mb 60',
    'client-output-buffer-limit normal 1k 0 0',
  ],
  'several words': [
    'oom-score-adj-values 0 100 900',
    'latency-tracking-info-percentiles 50 99.95',
    'shutdown-on-sigterm now nosave',
    'notify-keyspace-events KEA',
  ],
  'older names': ['slave-priority 10', 'hash-max-ziplist-entries 64', 'lua-time-limit 100'],
  texts: ['proc-title-template "{title} said \\"hello\\" to {listen-addr}"', 'syslog-ident "a b"'],
  users: [
    'user app on >hunter2 ~app:* &news +@all -@dangerous +config|get',
    'user reader on nopass %R~* resetchannels +@read (~cache:* +set)',
    'user gone off',
    'rename-command FLUSHALL ""',
    'rename-command KEYS "find keys"',
  ],
};

function conf(text: string): RedisConf {
  return RedisConf.parse(new SensitiveText(text));
}

describe('CONFIG REWRITE', () => {
  it.each(Object.entries(FILES))('changes nothing that Redis acts on: %s', async (_, lines) => {
    const redis = await realRedis(`${lines.join('\n')}\n`);
    try {
      const { before, after } = await redis.rewrite();
      expect(after).not.toBe(before);
      expect(differingDirectives(conf(before), conf(after))).toEqual([]);
    } finally {
      await redis.end();
    }
  });

  it('of a changed Redis names what was changed', async () => {
    const redis = await realRedis('maxmemory 1mb\n');
    try {
      await redis.set('maxmemory', '2mb');
      const { before, after } = await redis.rewrite();
      expect(differingDirectives(conf(before), conf(after))).toEqual(['maxmemory']);
    } finally {
      await redis.end();
    }
  });
});
