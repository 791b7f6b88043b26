import { describe, expect, it } from 'vitest';
import type { DirectiveChange } from '../../../src/domain/action.ts';
import { DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';
import { directiveChanges } from '../../../src/plan/directives/changes.ts';
import {
  configurationOf,
  desiredCluster,
  desiredNode,
  fileOf,
  host,
  password,
  redis,
  STOCK_REDIS_CONF,
  type NodeOptions,
} from '../../builders.ts';

interface Setting {
  wanted?: NodeOptions;
  /** What the running Redis differs in from a start with its file. */
  running?: Readonly<Record<string, string>>;
  /** Lines of the file that is there; the wanted ones where not given. */
  before?: readonly string[];
  redis?: Partial<RedisUp>;
  /** Lines of /etc/redis/local.conf. */
  included?: readonly string[];
}

function changesOf({ wanted = {}, running = {}, before, redis: change = {}, included = [] }: Setting) {
  const old = desiredNode('redis-02', before === undefined ? wanted : { lines: before });
  const node = desiredNode('redis-02', wanted);
  const facts = redis(old, {
    ...change,
    configuration: new Map([...configurationOf(old.redisConf.content), ...Object.entries(running)]),
  });
  const content = RedisConf.parse(new SensitiveText(included.join('\n')));
  const confParts = [{ kind: 'include', path: '/etc/redis/local.conf', content }] as const;
  return directiveChanges(node, { ...host(old, null), confParts }, facts, desiredCluster(wanted), null);
}

const said = (changes: readonly DirectiveChange[]) => changes.map(({ directive, from, to }) => [directive, from, to]);

const LIMITS = 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60';

describe('directiveChanges', () => {
  const LIVE: Readonly<Record<string, Setting & { changes: readonly (readonly [string, string, string])[] }>> = {
    'nothing differs': { changes: [] },
    'the same in other words': {
      wanted: {
        lines: [
          'maxmemory 1gb',
          'SLAVE-PRIORITY 100',
          'appendfsync EVERYSEC',
          'client-output-buffer-limit slave 256mb 64mb 60',
        ],
      },
      running: { maxmemory: '1073741824' },
      changes: [],
    },
    'a new directive': {
      wanted: { lines: ['maxmemory 256mb'] },
      before: [],
      changes: [['maxmemory', '0', '256mb']],
    },
    'a directive that the file has no more goes back to its default': {
      before: ['maxmemory 256mb', 'timeout 10'],
      changes: [
        ['maxmemory', '256mb', '0'],
        ['timeout', '10', '0'],
      ],
    },
    'what only an included file says is its author’s, whatever runs': {
      wanted: { lines: ['include /etc/redis/*.conf'] },
      included: ['timeout 300', 'databases 32'],
      running: { timeout: '300', 'maxmemory-policy': 'allkeys-lru' },
      changes: [['maxmemory-policy', 'allkeys-lru', 'noeviction']],
    },
    'Git overrides what is included': {
      wanted: { lines: ['include /etc/redis/local.conf', 'timeout 10'] },
      included: ['timeout 300'],
      running: { timeout: '300' },
      changes: [['timeout', '300', '10']],
    },
    'classes of output buffers that only the included file names stay': {
      wanted: { lines: ['include /etc/redis/local.conf', 'client-output-buffer-limit replica 512mb 128mb 60'] },
      included: ['client-output-buffer-limit pubsub 64mb 16mb 60'],
      running: {
        'client-output-buffer-limit': 'normal 0 0 0 slave 536870912 134217728 60 pubsub 67108864 16777216 60',
      },
      changes: [],
    },
    'what somebody set by hand goes back, in any file or none': {
      running: { 'maxmemory-policy': 'allkeys-lru', 'repl-diskless-load': 'swapdb' },
      changes: [
        ['maxmemory-policy', 'allkeys-lru', 'noeviction'],
        ['repl-diskless-load', 'swapdb', 'disabled'],
      ],
    },
    'save points as a list': {
      wanted: { lines: ['save 900 1', 'save 300 10'] },
      before: [],
      changes: [['save', '', '900 1 300 10']],
    },
    'save points switched off': {
      before: ['save 900 1'],
      changes: [['save', '900 1', '']],
    },
    'addresses in another order are the same': { running: { bind: '10.0.0.124 127.0.0.1' }, changes: [] },
    'another address': {
      running: { bind: '127.0.0.1 -::1' },
      changes: [['bind', '127.0.0.1 -::1', '127.0.0.1 10.0.0.124']],
    },
    'limits: classes that the file does not name are set to their defaults': {
      wanted: { lines: ['client-output-buffer-limit replica 512mb 128mb 60'] },
      running: { 'client-output-buffer-limit': 'normal 0 0 0 slave 1 1 1 pubsub 1 1 1' },
      changes: [
        [
          'client-output-buffer-limit',
          'normal 0 0 0 slave 1 1 1 pubsub 1 1 1',
          'replica 512mb 128mb 60 normal 0 0 0 pubsub 33554432 8388608 60',
        ],
      ],
    },
    'limits: back to their defaults': {
      running: { 'client-output-buffer-limit': 'normal 0 0 0 slave 1 1 1 pubsub 33554432 8388608 60' },
      changes: [['client-output-buffer-limit', 'normal 0 0 0 slave 1 1 1 pubsub 33554432 8388608 60', LIMITS]],
    },
    'what the unit or the machine decides is no difference': {
      running: { maxclients: '4064', daemonize: 'yes', supervised: 'auto' },
      changes: [],
    },
    'the role is none of CONFIG SET’s': { wanted: { lines: ['replicaof 10.0.0.9 6379'] }, before: [], changes: [] },
  };

  it.each(Object.entries(LIVE))('%s', (_name, { changes, ...setting }) => {
    const { live, restart } = changesOf(setting);
    expect(said(live)).toEqual(changes);
    expect(said(restart)).toEqual([]);
  });

  const RESTART: Readonly<Record<string, Setting & { changes: readonly (readonly [string, string, string])[] }>> = {
    'read at start only': {
      wanted: { lines: ['databases 32'] },
      before: [],
      changes: [['databases', '16', '32']],
    },
    'no more in the file': { before: ['databases 32'], changes: [['databases', '32', '16']] },
    'on the unit’s command line: not looked at': { running: { 'io-threads': '4' }, changes: [] },
    'a module that is new': {
      wanted: { lines: ['loadmodule /opt/json.so'] },
      before: [],
      changes: [['loadmodule', '', '/opt/json.so']],
    },
    'a module that is gone': { before: ['loadmodule /opt/json.so'], changes: [['loadmodule', '/opt/json.so', '']] },
    'a command that has its name again': {
      before: ['rename-command FLUSHALL ""'],
      changes: [['rename-command', 'FLUSHALL ', '']],
    },
    'a user that is gone, with nothing of it shown': {
      before: ['user app on >hunter2 ~* +@all'],
      changes: [['user', '••••••', '••••••']],
    },
  };

  it.each(Object.entries(RESTART))('needs a restart: %s', (_name, { changes, ...setting }) => {
    const { live, restart } = changesOf(setting);
    expect(said(restart)).toEqual(changes);
    expect(said(live)).toEqual([]);
  });

  it.each([
    [new Map([['maxmemory', false]]), 'restart'],
    [new Map([['maxmemory', true]]), 'live'],
    [new Map(), 'live'],
  ] as const)('believes the node’s own Redis before the table: %j', (takesLive, kind) => {
    const changes = changesOf({ wanted: { lines: ['maxmemory 1gb'] }, before: [], redis: { takesLive } });
    expect(said(changes[kind])).toEqual([['maxmemory', '0', '1gb']]);
    expect([...changes.live, ...changes.restart]).toHaveLength(1);
  });

  it('takes Debian’s file of a running node to ours: a restart for the folder, nothing for what is only unsaid', () => {
    const node = desiredNode('redis-02');
    const on = host(node, null);
    const files = new Map([...on.files, [node.redisConf.path, fileOf(STOCK_REDIS_CONF)]]);
    const configuration = new Map([...configurationOf(STOCK_REDIS_CONF), ['daemonize', 'no']]);
    const changes = directiveChanges(node, { ...on, files }, redis(node, { configuration }), desiredCluster(), null);
    expect(said(changes.restart)).toEqual([
      ['dir', '/var/lib/redis', '/data/redis'],
      ['dbfilename', 'dump.rdb', 'temp-sync.rdb'],
    ]);
    expect(said(changes.live)).toEqual([
      ['bind', '127.0.0.1 -::1', '127.0.0.1 10.0.0.124'],
      ['protected-mode', 'yes', 'no'],
      ['save', '3600 1 300 100 60 10000', ''],
      ['repl-backlog-size', '1048576', '16mb'],
    ]);
  });

  it('plans nothing for a file without content, or none at all', () => {
    const node = desiredNode('redis-02');
    const on = host(node, null);
    const none = new Map([...on.files].filter(([path]) => path !== node.redisConf.path));
    for (const files of [none, new Map([...none, [node.redisConf.path, fileOf(new SensitiveText(''))]])])
      expect(directiveChanges(node, { ...on, files }, redis(node), desiredCluster(), null)).toEqual({
        live: [],
        restart: [],
      });
  });

  it('passes over what the running Redis does not know', () => {
    const node = desiredNode('redis-02', { lines: ['maxmemory-clients 5%'] });
    const facts = redis(node, { configuration: new Map() });
    expect(directiveChanges(node, host(node, null), facts, desiredCluster(), null)).toEqual({ live: [], restart: [] });
  });

  describe('passwords', () => {
    const hidden = { from: '', to: '••••••', secret: true };
    it.each<readonly [string, Setting, readonly object[]]>([
      ['as they are', { wanted: { password: password() } }, []],
      [
        'a password that is new',
        { wanted: { password: password() }, before: [] },
        [
          { directive: 'protected-mode', from: 'no', to: 'yes', secret: false },
          { directive: 'masterauth', ...hidden },
          { directive: 'requirepass', ...hidden },
        ],
      ],
      [
        'another masterauth',
        { wanted: { password: password() }, redis: { masterauth: new Secret('other') } },
        [{ directive: 'masterauth', from: '••••••', to: '••••••', secret: true }],
      ],
      ['a masterauth that Git does not have: it stays', { redis: { masterauth: new Secret('other') } }, []],
      [
        'a pass phrase, by the files',
        { wanted: { lines: ['tls-key-file-pass new'] }, before: ['tls-key-file-pass old'] },
        [{ directive: 'tls-key-file-pass', from: '••••••', to: '••••••', secret: true }],
      ],
    ])('%s', (_name, setting, changes) => {
      const { live, restart } = changesOf(setting);
      expect(live).toEqual(changes);
      expect(restart).toEqual([]);
    });
  });

  it('has a default for whatever may be left out', () => {
    const names = Object.entries(DIRECTIVES).filter(([, { change }]) => change === 'live');
    expect(names.filter(([, info]) => info.default === null)).toEqual([]);
  });
});
