import { describe, expect, it } from 'vitest';
import { isExecutedFile, isExecutedFolder, isWritableByRedis } from '../../../src/domain/traces/places.ts';

const EXECUTED = [
  '/etc',
  '/etc/cron.d',
  '/etc//cron.hourly/',
  '/data/../etc/profile.d',
  '/etc/systemd/system',
  '/var/spool/cron',
  '/var/spool/cron/crontabs',
  '/root',
  '/root/.ssh',
  '/home/deploy/.ssh',
  '/var/lib/redis/.ssh',
  '/home/deploy/.config/systemd',
  '/usr/lib/redis/modules',
  '/usr/local/lib',
  '/lib/x86_64-linux-gnu',
  '/var/www/html',
  '/srv/www/site',
  '/usr/share/nginx/html',
  '/home/deploy/public_html',
];
const USUAL = [
  '',
  '/',
  '/data/redis',
  '/srv/redis',
  '/srv/redis-6379',
  '/var/lib/redis',
  '/var/lib/redis/6379',
  '/var/lib/valkey',
  '/opt/redis/data',
  '/opt/bitnami/redis/data',
  '/mnt/etc/redis',
  '/home/redis/data',
  '/root/redis-7.0.15',
  '/usr/local/redis/data',
  '/usr/local/redis/bin',
  '/usr/local/var/db/redis',
  '/etc/redis',
  '/etc/redis/6379',
  '/run/redis',
  '/tmp',
  '/bitnami/redis/data',
];

describe('a folder of Redis', () => {
  it.each(EXECUTED)('is one from which things are run: %s', (dir) => expect(isExecutedFolder(dir)).toBe(true));
  it.each(USUAL)('is one for data: %s', (dir) => expect(isExecutedFolder(dir)).toBe(false));
});

const EXECUTED_FILES =
  'root crontab authorized_keys AUTHORIZED_KEYS2 exp.so red2.so shell.php x.phtml run.sh x.jsp redis.service .bashrc ld.so.preload libx.so.1';

describe('a dbfilename', () => {
  it.each(EXECUTED_FILES.split(' '))('is read by something else: %s', (name) =>
    expect(isExecutedFile(name)).toBe(true),
  );

  it.each([
    '',
    'dump.rdb',
    'dump-6379.rdb',
    'temp-sync.rdb',
    'redis.rdb',
    'root.rdb',
    'crontab.rdb',
    'so',
    'dump',
    'php',
  ])('is Redis’s own: %s', (name) => expect(isExecutedFile(name)).toBe(false));
});

it.each([
  ['./exp.so', true],
  ['exp.so', true],
  ['/tmp/exp.so', true],
  ['/dev/shm/a/exp.so', true],
  ['/data/redis/exp.so', true],
  ['/data/redis/../redis/exp.so', true],
  ['/data/redis-modules/search.so', false],
  ['/usr/lib/redis/modules/redisearch.so', false],
  ['/opt/redis-stack/lib/rejson.so', false],
])('Redis can write %s: %s', (path, expected) => expect(isWritableByRedis(path, ['/data/redis'])).toBe(expected));
