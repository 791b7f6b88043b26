import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgument } from '../../../src/domain/text/arguments.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { differingDirectives } from '../../../src/domain/redis/same-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';

function conf(...lines: readonly string[]): RedisConf {
  return RedisConf.parse(new SensitiveText(`${lines.join('\n')}\n`));
}

const DEFAULT_USER = 'user default on nopass sanitize-payload ~* &* +@all';

describe('differingDirectives', () => {
  it.each([
    ['order, comments and blank lines', ['port 1', 'hz 20'], ['# by hand', 'hz 20', '', '  # more', 'port 1']],
    ['quotes and spaces', ['dir "/data/redis"'], ["  dir   '/data/redis'  "]],
    ['a directory with a slash', ['dir /data/redis/'], ['dir /data//redis']],
    ['what is so by default', ['maxmemory 0', 'save 3600 1 300 100 60 10000'], []],
    ['units and case', ['MAXMEMORY 1GB', 'loglevel NOTICE', 'appendonly Yes'], ['maxmemory 1024mb', 'appendonly yes']],
    ['older names', ['slave-priority 5', 'min-slaves-to-write 1'], ['replica-priority 5', 'min-replicas-to-write 1']],
    ['save points in one line', ['save "900 1 300 10"'], ['save 900 1', 'save 300 10']],
    [
      'limits of classes',
      ['client-output-buffer-limit replica 512mb 128mb 60'],
      ['client-output-buffer-limit slave 536870912 134217728 60', 'client-output-buffer-limit normal 0 0 0'],
    ],
    ['events', ['notify-keyspace-events KEA'], ['notify-keyspace-events "AKE"']],
    ['the last line of several', ['hz 20', 'hz 30'], ['hz 30']],
    ['the default user of CONFIG REWRITE', ['port 1'], ['port 1', DEFAULT_USER]],
    [
      'passwords as hashes',
      ['user app on >a ~* +@all'],
      ['user app on #ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb ~* resetchannels +@all'],
    ],
    ['users in another order', ['user a on', 'user b off'], ['user b off', 'user a on']],
    ['no master', ['replicaof no one'], []],
    [
      'renamed commands in another order',
      ['rename-command a b', 'rename-command c d'],
      ['rename-command c d', 'rename-command a b'],
    ],
  ])('%s: none', (_, one, other) => {
    expect(differingDirectives(conf(...one), conf(...other))).toEqual([]);
    expect(differingDirectives(conf(...other), conf(...one))).toEqual([]);
  });

  it.each([
    ['maxmemory', ['maxmemory 1gb'], []],
    ['save', ['save ""'], []],
    ['replicaof', ['replicaof 10.0.0.1 6379'], ['replicaof 10.0.0.2 6379']],
    ['replicaof', ['replicaof 10.0.0.1 6379'], []],
    ['user', ['user app on >a ~* +@all'], []],
    ['user', ['user app on >a ~* +@all'], ['user app on >b ~* +@all']],
    ['include', ['include a', 'include b'], ['include b', 'include a']],
    ['include', [], ['include /etc/redis/conf.d/*.conf']],
    ['some-module-option', [], ['some-module-option 1']],
    ['requirepass', ['requirepass A'], ['requirepass a']],
    ['rename-command', ['rename-command FLUSHALL ""'], []],
  ])('%s', (name, one, other) => {
    expect(differingDirectives(conf(...one), conf(...other))).toEqual([name]);
    expect(differingDirectives(conf(...other), conf(...one))).toEqual([name]);
  });

  it('is empty for the same lines in any order, quoted or not, among comments', () => {
    const lines = [
      ['maxmemory', '256mb'],
      ['bind', '127.0.0.1', '-::1'],
      ['dir', '/data/redis'],
      ['requirepass', 'a "b" c'],
      ['save', '900', '1'],
      ['replicaof', '10.0.0.1', '6379'],
    ];
    const quoted = ([name = '', ...values]: readonly string[]): string =>
      [name, ...values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`)].join(' ');
    const bare = ([name = '', ...values]: readonly string[]): string => [name, ...values.map(quoteArgument)].join('\t');
    const written = fc
      .shuffledSubarray(lines, { minLength: lines.length })
      .chain((order) =>
        fc.tuple(...order.map((line) => fc.constantFrom(quoted(line), bare(line), `# x\n${bare(line)}\n`))),
      );
    fc.assert(
      fc.property(written, written, (one, other) => {
        expect(differingDirectives(conf(...one), conf(...other))).toEqual([]);
      }),
    );
  });
});
