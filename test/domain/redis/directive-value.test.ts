import { describe, expect, it } from 'vitest';
import { memoryBytes, sameValue } from '../../../src/domain/redis/directive-value.ts';

describe('memoryBytes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['1b', 1],
    ['1k', 1000],
    ['1kb', 1024],
    ['16mb', 16_777_216],
    ['16MB', 16_777_216],
    ['2g', 2_000_000_000],
    ['2gb', 2_147_483_648],
    ['-1', null],
    ['1.5gb', null],
    ['256 mb', null],
    ['1tb', null],
    ['mb', null],
    ['', null],
    ['99999999999gb', null],
  ])('%j is %j', (text, bytes) => {
    expect(memoryBytes(text)).toBe(bytes);
  });
});

const LIMITS = 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60';

describe('sameValue', () => {
  it.each([
    ['maxmemory', '256mb', '268435456'],
    ['repl-backlog-size', '16MB', '16777216'],
    ['appendonly', 'NO', 'no'],
    ['loglevel', 'Notice', 'notice'],
    ['save', '', ''],
    ['save', '900 1 300  10', '900 1 300 10'],
    ['save', '900 1 300 10', '300 10 900 1'],
    ['client-output-buffer-limit', 'replica 256mb 64mb 60', LIMITS],
    ['client-output-buffer-limit', 'slave 256mb 64mb 60 normal 0 0 0', LIMITS],
    ['client-output-buffer-limit', 'pubsub 1 1 1 pubsub 32mb 8mb 60', LIMITS],
    ['unixsocketperm', '0770', '770'],
    ['bind', '10.0.0.1 127.0.0.1', '127.0.0.1 10.0.0.1'],
    ['dir', '/data/redis/', '/data/redis'],
    ['dir', '/data//./redis/.', '/data/redis'],
    ['notify-keyspace-events', 'KEA', 'AKE'],
    ['notify-keyspace-events', 'Eg$lshzxetd', 'AE'],
    ['oom-score-adj', 'relative', 'yes'],
    ['shutdown-on-sigterm', 'force nosave', 'nosave force'],
    ['latency-tracking-info-percentiles', '50 99.90', '50 99.9'],
    ['slave-priority', '10', '10'],
    ['masterauth', 'a b', 'a b'],
  ])('%s: %j is %j', (name, wanted, running) => {
    expect(sameValue(name, wanted, running)).toBe(true);
  });

  it.each([
    ['maxmemory', '256mb', '256000000'],
    ['maxmemory', '1m', '1mb'],
    ['save', '', '3600 1'],
    ['save', '900 1 300 10', '900 10 300 1'],
    ['client-output-buffer-limit', 'replica 512mb 64mb 60', LIMITS],
    ['unixsocketperm', '700', '770'],
    ['bind', '127.0.0.1', '-127.0.0.1'],
    ['aclfile', '/etc/redis/Users.acl', '/etc/redis/users.acl'],
    ['masteruser', 'Replica', 'replica'],
    ['masterauth', 'Secret', 'secret'],
    ['requirepass', 'a  b', 'a b'],
    ['proc-title-template', '{title}  {config-file}', '{title} {config-file}'],
    ['notify-keyspace-events', 'KEg', 'KE'],
    ['dir', '/', ''],
    ['dir', '/data/../redis', '/redis'],
    ['syslog-ident', 'redis', 'Redis'],
    ['replica-priority', '10', '100'],
  ])('%s: %j is not %j', (name, wanted, running) => {
    expect(sameValue(name, wanted, running)).toBe(false);
  });
});
