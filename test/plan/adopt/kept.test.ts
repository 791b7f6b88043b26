import { describe, expect, it } from 'vitest';
import type { NodeFacts, RedisUp } from '../../../src/domain/facts.ts';
import { MANAGED } from '../../../src/domain/text/managed.ts';
import { confLine, lineOf, withKept } from '../../../src/domain/redis/kept-lines.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';
import { keptBy } from '../../../src/plan/adopt/kept.ts';
import {
  configurationOf,
  desiredCluster,
  desiredNode,
  fileOf,
  masterFacts,
  stoppedFacts,
  unreachable,
  type NodeOptions,
} from '../../builders.ts';

/** Of the lines that the builder’s redis.conf has. */
const UNSAID = new Set(['appendonly', 'bind', 'dbfilename', 'dir', 'protected-mode', 'repl-backlog-size', 'save']);
const DESIRED = desiredCluster();

interface Scene {
  /** Of the file that is there. */
  lines: readonly string[];
  /** What runs otherwise than the file says. */
  running?: Readonly<Record<string, string>>;
  redis?: Partial<RedisUp>;
  isPackaged?: boolean;
  asked?: NodeOptions;
  unsaid?: ReadonlySet<string>;
  /** Lines of /etc/redis/local.conf. */
  included?: readonly string[];
}

function kept(scene: Scene) {
  const { lines, running = {}, redis = { keys: 5 }, isPackaged = false, asked = {}, unsaid = UNSAID } = scene;
  const node = { ...desiredNode('redis-01', asked), unsaid };
  const conf = RedisConf.parse(new SensitiveText(`${lines.join('\n')}\n`));
  const configuration = new Map([...configurationOf(conf), ...Object.entries(running)]);
  const facts = masterFacts(node, { redis: { configuration, ...redis } });
  const files = new Map([...facts.host.files, [node.redisConf.path, fileOf(conf, { isPackaged })]]);
  const content = RedisConf.parse(new SensitiveText((scene.included ?? []).join('\n')));
  const confParts = [{ kind: 'include', path: '/etc/redis/local.conf', content }] as const;
  return keptBy(node, { ...facts, host: { ...facts.host, files, confParts } }, DESIRED).map(lineOf);
}

const STOCK = ['bind 127.0.0.1 -::1 10.0.0.123', 'dir /var/lib/redis', 'protected-mode no', 'repl-backlog-size 16mb'];
const KEEPS_STOCK = [
  'bind 127.0.0.1 -::1 10.0.0.123',
  'dbfilename dump.rdb',
  'dir /var/lib/redis',
  'save 3600 1 300 100 60 10000',
];

describe('a node in use, in somebody’s file', () => {
  it('keeps what only redisops’s defaults would change', () => {
    expect(kept({ lines: STOCK })).toEqual(KEEPS_STOCK);
  });

  it('keeps a masterauth that only runs: a restart of ours must not end it', () => {
    const redis = { keys: 5, masterauth: new Secret('a b') };
    expect(kept({ lines: STOCK, redis })).toContain('masterauth "a b"');
    expect(kept({ lines: [...STOCK, 'masterauth old'], redis })).toContain('masterauth "a b"');
  });

  it('says a default that a kept include would override at the next start', () => {
    const lines = ['include /etc/redis/local.conf'];
    const scene = { lines, included: ['timeout 300', 'hz 20'], running: { timeout: '0', hz: '20' } };
    expect(kept(scene)).toContain('timeout 0');
    const file = [MANAGED, '# Kept as this node had them, since Git does not say them', ...lines, 'timeout 0'];
    expect(kept({ ...scene, lines: file })).toContain('timeout 0');
  });

  it.each<[string, Scene, string]>([
    ['what Redis’s defaults would change', { lines: ['timeout 300'] }, 'timeout 300'],
    [
      'what was set by hand',
      { lines: [], running: { 'maxmemory-policy': 'allkeys-lru' } },
      'maxmemory-policy allkeys-lru',
    ],
    [
      'an append-only file that was switched on by hand',
      { lines: [], running: { appendonly: 'yes' } },
      'appendonly yes',
    ],
    ['users', { lines: ['user app on >a ~* +@all', 'user b off'] }, 'user app on >a ~* +@all'],
    ['includes', { lines: ['include /etc/redis/conf.d/*.conf'] }, 'include /etc/redis/conf.d/*.conf'],
    ['modules', { lines: ['loadmodule /opt/json.so'] }, 'loadmodule /opt/json.so'],
    ['renamed commands', { lines: ['rename-command FLUSHALL ""'] }, 'rename-command FLUSHALL ""'],
    ['passwords of its own', { lines: ['masterauth "a b"'] }, 'masterauth "a b"'],
    [
      'a limit that the machine lowered',
      { lines: ['maxclients 50000'], running: { maxclients: '4064' } },
      'maxclients 50000',
    ],
    ['what this program does not know', { lines: ['io-uring yes'] }, 'io-uring yes'],
    ['where it reads at start only', { lines: ['databases 32'] }, 'databases 32'],
  ])('keeps %s', (_, scene, line) => {
    expect(kept(scene)).toContain(line);
  });

  it('keeps every user', () => {
    expect(
      kept({ lines: ['user app on >a ~* +@all', 'user b off'] }).filter((line) => line.startsWith('user')),
    ).toEqual(['user app on >a ~* +@all', 'user b off']);
  });

  it.each<[string, Scene]>([
    ['what Git says', { lines: STOCK, unsaid: new Set() }],
    [
      'its role, its port, how its process starts',
      { lines: ['replicaof a 1', 'daemonize yes', 'pidfile /x'], unsaid: new Set() },
    ],
    ['a limit that nobody asked for', { lines: [], running: { maxclients: '4064' }, unsaid: new Set() }],
  ])('does not keep %s', (_, scene) => {
    expect(kept(scene)).toEqual([]);
  });

  it('does not keep a snapshot without a name', () => {
    expect(kept({ lines: ['dbfilename ""'] }).some((line) => line.startsWith('dbfilename'))).toBe(false);
  });

  it.each<[string, Partial<RedisUp>]>([
    ['it has keys', { keys: 1 }],
    ['it is a replica', { keys: 0, role: 'replica' }],
    ['it has replicas', { keys: 0, replicas: [{ address: 'a', port: 1, state: 'online', offset: 0, lagSeconds: 0 }] }],
    ['it saves', { keys: 0 }],
  ])('is in use where %s', (_, redis) => {
    expect(kept({ lines: STOCK, redis })).toEqual(KEEPS_STOCK);
  });

  it('is not in use where it is empty, alone and saves nothing', () => {
    expect(kept({ lines: [...STOCK, 'save ""'], redis: { keys: 0 } })).toEqual([]);
  });
});

describe('a node with its package’s file', () => {
  it('gets the defaults where it is fresh', () => {
    expect(kept({ lines: STOCK, redis: { keys: 0 }, isPackaged: true })).toEqual([]);
  });

  it('keeps what it has where it is in use', () => {
    expect(kept({ lines: STOCK, redis: { keys: 1 }, isPackaged: true })).toEqual(KEEPS_STOCK);
  });
});

describe('a node with a file of redisops', () => {
  const ours = [
    MANAGED,
    'bind 127.0.0.1 10.0.0.123',
    'protected-mode no',
    'dir /data/redis',
    'dbfilename temp-sync.rdb',
    'save ""',
  ];

  it('keeps nothing of what the defaults make of it', () => {
    expect(kept({ lines: ours, redis: { keys: 5 } })).toEqual([]);
  });

  it('keeps what it kept', () => {
    const file = withKept(RedisConf.parse(new SensitiveText(`${ours.join('\n')}\n`)), [
      confLine('save', '900 1'),
      confLine('timeout', '300'),
    ]);
    const lines = file.reveal().split('\n');
    expect(kept({ lines })).toEqual(['save 900 1', 'timeout 300']);
    expect(kept({ lines, redis: { keys: 0 } })).toEqual(['save 900 1', 'timeout 300']);
    expect(kept({ lines, asked: { lines: ['timeout 10'] } })).toEqual(['save 900 1']);
    expect(kept({ lines, running: { save: '', timeout: '5' } })).toEqual(['save 900 1', 'timeout 300']);
  });

  it.each<[string, Scene, readonly string[]]>([
    ['save points', { lines: [...ours, 'save 900 1'] }, ['save 900 1']],
    ['save points set by hand', { lines: ours, running: { save: '900 1' } }, ['save 900 1']],
    ['an append-only file', { lines: [...ours, 'appendonly yes'] }, ['appendonly yes']],
    ['an append-only file switched on by hand', { lines: ours, running: { appendonly: 'yes' } }, ['appendonly yes']],
    ['its data directory', { lines: [...ours, 'dir /srv/redis'] }, ['dir /srv/redis']],
    ['its addresses', { lines: [...ours, 'bind 0.0.0.0'] }, ['bind 0.0.0.0']],
  ])('keeps what Git stopped saying: %s', (_, scene, lines) => {
    expect(kept(scene)).toEqual(lines);
  });

  it.each<[string, Scene]>([
    ['a directive that Git stopped saying', { lines: [...ours, 'timeout 300'] }],
    ['CONFIG SET by hand', { lines: ours, running: { 'maxmemory-policy': 'allkeys-lru', bind: '127.0.0.1' } }],
  ])('gives the others back to their defaults: %s', (_, scene) => {
    expect(kept(scene)).toEqual([]);
  });
});

describe('a node that does not run', () => {
  const node = { ...desiredNode('redis-01'), unsaid: UNSAID };
  const withFile = (facts: ReturnType<typeof stoppedFacts>, dataFiles: readonly string[]): NodeFacts => {
    const file = fileOf(new SensitiveText(`${STOCK.join('\n')}\n`));
    const files = new Map([...facts.host.files, [node.redisConf.path, file]]);
    const found = dataFiles.map((path) => ({ path, bytes: 5000, keys: null, ageSeconds: 60 }));
    return { ...facts, host: { ...facts.host, files, dataFiles: found } };
  };

  it('keeps its settings where they load its data', () => {
    const facts = withFile(stoppedFacts(node, null), ['/var/lib/redis/dump.rdb']);
    expect(keptBy(node, facts, DESIRED).map(lineOf)).toEqual(KEEPS_STOCK);
  });

  it('gets the defaults where it has none', () => {
    expect(keptBy(node, withFile(stoppedFacts(node, null), []), DESIRED)).toEqual([]);
  });
});

it('knows nothing of a node that cannot be read, and keeps nothing beside a template', () => {
  const node = { ...desiredNode('redis-01'), unsaid: UNSAID };
  expect(keptBy(node, unreachable(node), DESIRED)).toEqual([]);
  expect(keptBy(desiredNode('redis-01'), masterFacts(node), DESIRED)).toEqual([]);
});
