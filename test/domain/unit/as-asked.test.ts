import { describe, expect, it } from 'vitest';
import type { UnitFacts } from '../../../src/domain/facts.ts';
import { isWritable, misfitsOf, runningMisfits } from '../../../src/domain/unit/as-asked.ts';
import { PASSWORD, desiredNode, password, startOf, unit } from '../../builders.ts';

const NODE = desiredNode('redis-01', { password: password(), lines: ['maxmemory 256mb'] });
const CONF = '/etc/redis/redis.conf';
const OVERRIDE = '/etc/systemd/system/redis-server.service.d/override.conf';

describe('a unit as systemd resolved it', () => {
  it('is as Git asks', () => {
    expect(misfitsOf(NODE, unit())).toEqual([]);
  });

  it.each<[string, Partial<UnitFacts>, RegExp]>([
    [
      'has not loaded the drop-in',
      { dropInPaths: [] },
      /UNIT_NOT_AS_ASKED redis-01: .* has not loaded .*override\.conf/,
    ],
    [
      'has a later drop-in that resets the paths',
      { dropInPaths: [OVERRIDE, '/etc/x/zz.conf'], readWritePaths: ['/srv'] },
      /UNIT_NOT_AS_ASKED .* adds \/data\/redis to ReadWritePaths, .* It also loads \/etc\/x\/zz\.conf/,
    ],
    [
      'starts Redis with another file',
      { start: startOf('/etc/redis/prod.conf') },
      /CONFIG_FILE_NOT_READ redis-01: redis-server\.service starts Redis with \/etc\/redis\/prod\.conf, but .* \/etc\/redis\/redis\.conf/,
    ],
    ['starts Redis without a file', { start: startOf(null) }, /CONFIG_FILE_NOT_READ .* no configuration file/],
    [
      'starts a wrapper',
      { start: { program: '/usr/local/bin/start-redis', redis: null } },
      /CONFIG_FILE_NOT_READ .* starts \/usr\/local\/bin\/start-redis, so it is unknown/,
    ],
    [
      'sets directives on the command line',
      { start: startOf(CONF, { maxmemory: '1gb', loglevel: 'debug' }) },
      /COMMAND_LINE_OVERRIDES .*: --maxmemory 1gb, --loglevel debug\./,
    ],
    [
      'sets a password on the command line',
      { start: startOf(CONF, { requirepass: 'another' }) },
      /COMMAND_LINE_OVERRIDES .*: --requirepass ••••••\./,
    ],
    ['sets the role on the command line', { start: startOf(CONF, { replicaof: '10.0.0.9 6379' }) }, /--replicaof/],
  ])('%s', (_, change, expected) => {
    const misfits = misfitsOf(NODE, unit(change));
    expect(misfits.map(({ code, message }) => `${code} ${message}`)).toEqual([expect.stringMatching(expected)]);
  });

  it.each<[string, UnitFacts['start']]>([
    ['another file', startOf('/etc/valkey/prod.conf')],
    ['a wrapper', { program: '/usr/local/bin/start', redis: null }],
  ])('is named with its own server: %s', (_, start) => {
    const node = { ...NODE, server: 'valkey' as const, unit: 'valkey-server.service' };
    expect(misfitsOf(node, unit({ start }))).toMatchObject([
      { hint: expect.stringMatching(/^Have valkey-server\.service start Valkey with /) },
    ]);
  });

  it.each<[string, Partial<UnitFacts>]>([
    [
      'is the same value in other words',
      { start: startOf(CONF, { maxmemory: '268435456', 'repl-backlog-size': '16777216' }) },
    ],
    ['is the default where Git says nothing', { start: startOf(CONF, { loglevel: 'notice' }) }],
    ['is the same password', { start: startOf(CONF, { requirepass: PASSWORD }) }],
    ['is a parent of the path', { readWritePaths: ['-/data'] }],
    ['is no sandbox', { protectSystem: 'no', readWritePaths: [] }],
    ['is not there yet', { loadState: 'not-found', dropInPaths: [], readWritePaths: [], start: null }],
  ])('may differ where it makes no difference: %s', (_, change) => {
    expect(misfitsOf(NODE, unit(change))).toEqual([]);
  });
});

describe('a Redis that runs', () => {
  it.each<[string, string, readonly string[]]>([
    ['with the file that is written', CONF, []],
    [
      'with another one',
      '/etc/redis/prod.conf',
      ['redis-01: Redis runs with /etc/redis/prod.conf, but redisops writes /etc/redis/redis.conf.'],
    ],
    [
      'without any',
      '',
      ['redis-01: Redis runs with no configuration file, but redisops writes /etc/redis/redis.conf.'],
    ],
  ])('%s', (_, configFile, messages) => {
    expect(runningMisfits(NODE, configFile).map(({ message }) => message)).toEqual(messages);
  });
});

describe('a folder', () => {
  it.each([
    ['/data/redis', true],
    ['/data/redis/appendonlydir', true],
    ['/data/redis-2', false],
    ['/data', false],
  ])('%s can be written below /data/redis: %s', (folder, expected) => {
    expect(isWritable(folder, { protectSystem: 'strict', readWritePaths: ['+/data/redis/'] })).toBe(expected);
  });
});
