import { describe, expect, it } from 'vitest';
import { describeBlockers, planOf, stepsOf } from '../look.ts';
import type { Code } from '../../../src/domain/code.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { Secret } from '../../../src/domain/secret.ts';
import {
  bareFacts,
  configurationOf,
  desiredCluster,
  desiredNode,
  fileOf,
  healthy,
  host,
  link,
  masterFacts,
  password,
  present,
  replicaFacts,
  STOCK_REDIS_CONF,
  stoppedFacts,
  unit,
  unreachable,
  cluster,
  one,
  two,
  three,
} from '../../builders.ts';
import { afterPlan } from '../simulate.ts';

const MASTER = { host: one.address, port: 6379 };
const OTHER = 'b'.repeat(40);
const EMPTY = { redis: { keys: 0 } };
const withFile = (path: string, keys: number | null = null, bytes = 1000) => ({
  dataFiles: [{ path, bytes, keys, ageSeconds: 7200 }],
});
const SNAPSHOT = '/data/redis/temp-sync.rdb';
const stock = (node: typeof one, path: string) => ({
  ...withFile(path),
  files: new Map([...host(node, null).files, [node.redisConf.path, fileOf(STOCK_REDIS_CONF)]]),
});
/** A process from before its unit’s drop-in; and a unit without it. */
const sandboxed = { dataDirectoryWritable: false } as const;
const outside = { ...sandboxed, unit: unit({ readWritePaths: ['/var/lib/redis'] }) };

describe('the order of waves', () => {
  it('makes bare hosts ready together, then starts the master, then its replicas together', () => {
    const ready = [
      'install-package',
      'make-directory',
      'make-directory',
      'write-file',
      'write-file',
      'daemon-reload',
      'enable-unit',
    ];
    expect(stepsOf(planOf(cluster, [one, two, three].map(bareFacts)))).toEqual([
      [one, two, three].flatMap(({ name }) => ready.map((kind) => `${name} ${kind}`)),
      ['redis-01 start-unit'],
      ['redis-02 start-unit', 'redis-02 await-link', 'redis-03 start-unit', 'redis-03 await-link'],
    ]);
  });

  it('does nothing if nothing differs', () => {
    const plan = planOf(cluster, healthy(cluster));
    expect(plan.waves).toEqual([]);
    expect(plan.blockers).toEqual([]);
    expect(plan.risks).toEqual([]);
  });

  it('changes replicas first and the master last, without a restart, if Redis accepts the change live', () => {
    const desired = desiredCluster({ lines: ['maxmemory 256mb'] });
    const plan = planOf(desired, healthy(cluster));
    expect(stepsOf(plan)).toEqual([
      ['redis-02 write-file', 'redis-02 config-set', 'redis-03 write-file', 'redis-03 config-set'],
      ['redis-01 write-file', 'redis-01 config-set'],
    ]);
    expect(plan.waves.flatMap(({ actions }) => actions).some(({ disruptive }) => disruptive)).toBe(false);
  });

  it('restarts replicas one at a time, each in sync again before the next', () => {
    const plan = planOf(
      cluster,
      healthy(cluster, { 'redis-02': { host: sandboxed }, 'redis-03': { host: sandboxed } }),
    );
    expect(plan.blockers).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-02 restart-unit', 'redis-02 await-link'],
      ['redis-03 restart-unit', 'redis-03 await-link'],
    ]);
  });

  it('cures the missing drop-in of the field report by a restart of that replica alone', () => {
    const files = new Map([...host(two, MASTER).files].filter(([path]) => path !== two.dropIn.path));
    const seen = healthy(cluster, {
      'redis-02': { redis: { keys: 0, master: link({ up: false }) }, host: { ...outside, files } },
    });
    const plan = planOf(cluster, seen);
    expect(plan.blockers).toEqual([]);
    expect(stepsOf(plan)).toEqual([
      ['redis-02 write-file', 'redis-02 daemon-reload', 'redis-02 restart-unit', 'redis-02 await-link'],
    ]);
  });

  it('restarts once if drop-in and owner are both wrong', () => {
    const files = new Map(host(two, MASTER).files);
    files.set('/data/redis', present({ type: 'directory', owner: 'root', group: 'root', mode: '755' }));
    files.delete(two.dropIn.path);
    const seen = healthy(cluster, { 'redis-02': { host: { ...outside, files } } });
    const plan = planOf(cluster, seen);
    expect(stepsOf(plan).flat()).toContain('redis-02 restart-unit');
    expect(planOf(cluster, afterPlan(plan, cluster, seen)).waves).toEqual([]);
  });

  it('only sets the owner if nothing else keeps Redis from writing', () => {
    const files = new Map(host(two, MASTER).files);
    files.set('/data/redis', present({ type: 'directory', owner: 'root', group: 'root', mode: '755' }));
    const seen = healthy(cluster, { 'redis-02': { host: { dataDirectoryWritable: false, files } } });
    expect(stepsOf(planOf(cluster, seen))).toEqual([['redis-02 make-directory']]);
  });

  it('lets a running master be reached before anything waits for a link to it', () => {
    const stock = (node: typeof one) => {
      const conf = fileOf(STOCK_REDIS_CONF);
      const files = new Map([...host(node, null).files, [node.redisConf.path, conf]]);
      const configuration = configurationOf(STOCK_REDIS_CONF);
      return masterFacts(node, { redis: { keys: 0, configuration }, host: { files } });
    };
    const plan = planOf(cluster, [stock(one), stock(two), bareFacts(three)]);
    expect(plan.blockers).toEqual([]);
    const order = stepsOf(plan).flat();
    expect(order.indexOf('redis-01 restart-unit')).toBeLessThan(order.indexOf('redis-03 await-link'));
    expect(order.indexOf('redis-01 restart-unit')).toBeLessThan(order.indexOf('redis-02 await-link'));
    expect(planOf(cluster, afterPlan(plan, cluster, [stock(one), stock(two), bareFacts(three)])).waves).toEqual([]);
  });

  it('gives replicas a new password before the master requires it, and links new ones afterwards', () => {
    const desired = desiredCluster({ password: password() });
    const seen: NodeFacts[] = [...healthy(cluster).slice(0, 2), bareFacts(three)];
    const order = stepsOf(planOf(desired, seen)).flat();
    expect(order.indexOf('redis-02 config-set')).toBeLessThan(order.indexOf('redis-01 config-set'));
    expect(order.indexOf('redis-01 config-set')).toBeLessThan(order.indexOf('redis-03 await-link'));
  });

  it('attaches an empty running node, and then writes its role into the file', () => {
    const seen = [masterFacts(one), replicaFacts(two), masterFacts(three, EMPTY)];
    const plan = planOf(cluster, seen);
    expect(plan.blockers).toEqual([]);
    expect(stepsOf(plan)).toEqual([['redis-03 replicate', 'redis-03 await-link', 'redis-03 write-file']]);
  });

  it('waits at the end for a replica that is taking up its data, and binds the same plan without that', () => {
    const desired = desiredCluster({ lines: ['maxmemory 256mb'] });
    const syncing = link({ up: false, state: 'sync', syncInProgress: true });
    const plan = planOf(desired, healthy(cluster, { 'redis-02': { redis: { master: syncing } } }));
    expect(stepsOf(plan).at(-1)).toEqual(['redis-02 await-link']);
    expect(stepsOf(plan).flat()).toHaveLength(7);
    expect(plan.digest).toBe(planOf(desired, healthy(cluster)).digest);
  });

  it('restarts replicas that have no link before those that hold the data', () => {
    const away = link({ up: false, state: 'connect' });
    const seen = healthy(cluster, {
      'redis-02': { host: sandboxed },
      'redis-03': { host: sandboxed, redis: { keys: 0, master: away } },
    });
    expect(stepsOf(planOf(cluster, seen)).map(([first]) => first)).toEqual([
      'redis-03 restart-unit',
      'redis-02 restart-unit',
    ]);
  });

  it('makes an empty running node a replica before its file names the master, even if it is restarted', () => {
    const plan = planOf(desiredCluster({ lines: ['databases 32'] }), [
      masterFacts(one, EMPTY),
      masterFacts(two, EMPTY),
      stoppedFacts(three, MASTER),
    ]);
    const order = stepsOf(plan).flat();
    const on2 = order.filter((step) => step.startsWith('redis-02'));
    expect(on2).toEqual(['redis-02 replicate', 'redis-02 write-file', 'redis-02 restart-unit', 'redis-02 await-link']);
  });

  it('points a chained replica to the master itself', () => {
    const chained = replicaFacts(three, { redis: { master: link({ host: two.address }) } });
    const plan = planOf(cluster, [masterFacts(one), replicaFacts(two), chained]);
    expect(plan.blockers).toEqual([]);
    expect(stepsOf(plan)).toEqual([['redis-03 replicate', 'redis-03 await-link', 'redis-03 write-file']]);
    expect(plan.waves[0]?.actions[0]?.disruptive).toBe(true);
  });

  it('follows the master that it finds, and says that Git nominates another', () => {
    const master = link({ host: two.address });
    const seen = [
      replicaFacts(one, { redis: { master } }),
      masterFacts(two),
      replicaFacts(three, { redis: { master } }),
    ];
    const plan = planOf(cluster, seen);
    expect(plan.waves).toEqual([]);
    expect(plan.risks.map(({ message }) => message)).toEqual([
      'Git nominates redis-01, but redis-02 is the master: the plan follows it. An apply does not move roles.',
    ]);
  });

  it('has the port of each node', () => {
    const nodes = [desiredNode('redis-01', { redisPort: 7001 }), desiredNode('redis-02', { redisPort: 7002 })];
    const desired = desiredCluster({ nodes });
    const [first, second] = nodes;
    if (!first || !second) throw new Error('two nodes');
    expect(planOf(desired, healthy(desired)).waves).toEqual([]);
    const plan = planOf(desired, [masterFacts(first), masterFacts(second, EMPTY)]);
    expect(plan.waves.flatMap(({ actions }) => actions).find(({ kind }) => kind === 'replicate')).toMatchObject({
      master: { host: first.address, port: 7001 },
    });
  });
});

interface Guard {
  seen: readonly NodeFacts[];
  code: Code;
  node: string | null;
  desired?: DesiredCluster;
}

const GUARDS: Readonly<Record<string, Guard>> = {
  'a node that cannot be reached': {
    seen: [masterFacts(one), replicaFacts(two), unreachable(three)],
    code: 'SSH_TIMEOUT',
    node: 'redis-03',
  },
  'a node that was not looked at': { seen: healthy(cluster).slice(0, 2), code: 'NODE_UNREACHABLE', node: 'redis-03' },
  'a Redis that cannot be read': {
    seen: [
      ...healthy(cluster).slice(0, 2),
      { ...replicaFacts(three), redis: { state: 'unreadable', code: 'REDIS_AUTH_FAILED', reason: 'WRONGPASS' } },
    ],
    code: 'REDIS_AUTH_FAILED',
    node: 'redis-03',
  },
  'a crashed master whose replicas hold data': {
    seen: [stoppedFacts(one, null), replicaFacts(two), replicaFacts(three)],
    code: 'MASTER_DOWN',
    node: 'redis-01',
  },
  'a master that came back empty': {
    seen: [masterFacts(one, { redis: { keys: 0, replicationId: OTHER } }), replicaFacts(two), replicaFacts(three)],
    code: 'MASTER_DOWN',
    node: 'redis-01',
  },
  'an empty master whose chained replica holds data': {
    seen: [
      masterFacts(one, { redis: { keys: 0 } }),
      replicaFacts(two, { redis: { keys: 0, master: link({ up: false }) } }),
      replicaFacts(three, { redis: { keys: 5, master: link({ host: '10.0.0.124' }) } }),
    ],
    code: 'MASTER_DOWN',
    node: 'redis-01',
  },
  'an empty master that systemd does not own, as it would be ended': {
    seen: [
      masterFacts(one, { redis: { keys: 0, processId: 4711 } }),
      replicaFacts(two, { redis: { keys: 5 } }),
      replicaFacts(three),
    ],
    code: 'MASTER_DOWN',
    node: 'redis-01',
  },
  'two masters with data, and one that Git does not nominate is followed': {
    seen: [
      masterFacts(one),
      masterFacts(two),
      replicaFacts(three, { redis: { master: link({ host: '10.0.0.124' }) } }),
    ],
    code: 'MASTER_AMBIGUOUS',
    node: null,
  },
  'a master that is not ours': {
    seen: [masterFacts(one), replicaFacts(two), replicaFacts(three, { redis: { master: link({ host: '10.9.9.9' }) } })],
    code: 'MASTER_UNKNOWN',
    node: 'redis-03',
  },
  'a replica of a dead node that holds foreign keys': {
    seen: [
      stoppedFacts(one, null),
      replicaFacts(two, { redis: { replicationId: OTHER, master: link({ up: false }) } }),
      masterFacts(three, { redis: { keys: 1 } }),
    ],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
  'an old master that may have gone on after another was promoted': {
    seen: [
      masterFacts(one, { redis: { replicationId: OTHER, replicationId2: HISTORY_OF_ONE() } }),
      masterFacts(two, { redis: { replicationId: HISTORY_OF_ONE() } }),
      replicaFacts(three, { redis: { master: link({ host: '10.0.0.124' }) } }),
    ],
    code: 'MASTER_AMBIGUOUS',
    node: null,
  },
  'a restart of a master with keys, none of whose replicas is in sync, and which would load another file': {
    desired: desiredCluster({ lines: ['dbfilename other.rdb'] }),
    seen: healthy(cluster, {
      'redis-02': { redis: { master: link({ up: false }) } },
      'redis-03': { redis: { version: '7.2.4' } },
    }),
    code: 'MASTER_RESTART_HOLDS_DATA',
    node: 'redis-01',
  },
  'a restart of a replica that holds more than its master': {
    seen: [
      masterFacts(one, { redis: { keys: 3 } }),
      replicaFacts(two, { redis: { replicationId: OTHER, master: link({ up: false }) }, host: sandboxed }),
      replicaFacts(three, { redis: { keys: 3 } }),
    ],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
  'replication switched off under replicas': {
    desired: desiredCluster({ change: { replication: false } }),
    seen: healthy(cluster),
    code: 'REPLICATION_OFF_WITH_REPLICAS',
    node: null,
  },
  'Sentinel without replication': {
    desired: desiredCluster({ change: { sentinel: true, replication: false } }),
    seen: [masterFacts(one)],
    code: 'SENTINEL_UNSAFE',
    node: null,
  },
  'a node that Sentinel watches, of another role than wanted': {
    seen: [masterFacts(one), replicaFacts(two), masterFacts(three, { redis: { keys: 0, watchedBySentinel: true } })],
    code: 'SENTINEL_WATCHES',
    node: 'redis-03',
  },
  'a failover under way': {
    seen: healthy(cluster, { 'redis-01': { redis: { failoverInProgress: true } } }),
    code: 'MASTER_UNKNOWN',
    node: 'redis-01',
  },
  'a node that loads': {
    seen: healthy(cluster, { 'redis-01': { redis: { loading: true } } }),
    code: 'REDIS_UNREADABLE',
    node: 'redis-01',
  },
  'a stray Redis that cannot be read': {
    seen: [masterFacts(one), replicaFacts(two), stoppedFacts(three, MASTER, stray(99))],
    code: 'STRAY_HOLDS_DATA',
    node: 'redis-03',
  },
  'a stray master with keys': {
    seen: [
      masterFacts(one, EMPTY),
      masterFacts(two, { redis: { processId: 99 }, host: stray(99) }),
      masterFacts(three, EMPTY),
    ],
    code: 'STRAY_HOLDS_DATA',
    node: 'redis-02',
  },
  'a stray replica with keys that nobody else has': {
    seen: [
      masterFacts(one, { redis: { keys: 1 } }),
      replicaFacts(two, {
        redis: { processId: 99, replicationId: OTHER, master: link({ host: three.address, up: false }) },
        host: stray(99),
      }),
      stoppedFacts(three, null),
    ],
    code: 'STRAY_HOLDS_DATA',
    node: 'redis-02',
  },
  'a stray Redis with “sentinel” in its path only': {
    seen: [
      masterFacts(one),
      replicaFacts(two),
      stoppedFacts(three, MASTER, stray(99, '/opt/sentinel/redis-server *:6380')),
    ],
    code: 'STRAY_HOLDS_DATA',
    node: 'redis-03',
  },
  'a stopped master with a snapshot that would be overwritten': {
    seen: [stoppedFacts(one, null), stoppedFacts(two, null, withFile(SNAPSHOT)), bareFacts(three)],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
  'a stopped replica with data, whose master came back empty': {
    seen: [masterFacts(one, EMPTY), stoppedFacts(two, MASTER, withFile(SNAPSHOT)), stoppedFacts(three, MASTER)],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
  'a stopped replica with more data than its master, which took a few keys since': {
    seen: [
      masterFacts(one, { redis: { keys: 5, usedMemoryBytes: 1_000_000 } }),
      stoppedFacts(two, MASTER, withFile(SNAPSHOT, null, 2_000_000)),
      stoppedFacts(three, MASTER),
    ],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
  'a stopped replica with data, whose master is down and has none': {
    seen: [
      stoppedFacts(one, null),
      stoppedFacts(two, MASTER, withFile(SNAPSHOT)),
      stoppedFacts(three, MASTER, withFile(SNAPSHOT)),
    ],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-03',
  },
  'a stopped master whose data the new settings do not load': {
    seen: [stoppedFacts(one, null, stock(one, '/var/lib/redis/dump.rdb')), bareFacts(two), bareFacts(three)],
    code: 'DATA_NOT_LOADED',
    node: 'redis-01',
  },
  'a stopped master that would forget its append-only file': {
    seen: [
      stoppedFacts(one, null, {
        ...withFile('/data/redis/appendonlydir/appendonly.aof.1.base.rdb'),
        files: new Map([
          ...host(one, null).files,
          [one.redisConf.path, fileOf(STOCK_REDIS_CONF.map((text) => `${text}dir /data/redis\nappendonly yes\n`))],
        ]),
      }),
      bareFacts(two),
      bareFacts(three),
    ],
    code: 'DATA_NOT_LOADED',
    node: 'redis-01',
  },
  'a stopped master with an append-only file': {
    desired: desiredCluster({ lines: ['appendonly yes'] }),
    seen: [
      stoppedFacts(one, null),
      stoppedFacts(two, null, withFile('/data/redis/appendonlydir/appendonly.aof.1.base.rdb')),
      bareFacts(three),
    ],
    code: 'REPLICA_HOLDS_DATA',
    node: 'redis-02',
  },
};

function HISTORY_OF_ONE(): string {
  return 'c'.repeat(40);
}

function stray(pid: number, command = '/usr/bin/redis-server *:6379') {
  return { strayProcesses: [{ pid, command, startTicks: '4711' }] };
}

describe('blockers of a change', () => {
  it.each(Object.entries(GUARDS))('%s', (_name, { seen, code, node, desired = cluster }) => {
    const plan = planOf(desired, seen);
    expect(describeBlockers(plan)).toContain(`${code} ${node ?? '-'}`);
    expect(plan.blockers.every(({ message, hint }) => message !== '' && hint !== '')).toBe(true);
  });
});

describe('what does not block it', () => {
  const FREE: Readonly<Record<string, { seen: readonly NodeFacts[]; desired?: DesiredCluster }>> = {
    'an empty stray Redis is stopped': {
      seen: [
        masterFacts(one),
        replicaFacts(two),
        masterFacts(three, { redis: { keys: 0, processId: 99 }, host: stray(99) }),
      ],
    },
    'a stray replica in sync is stopped': {
      seen: [masterFacts(one), replicaFacts(two), replicaFacts(three, { redis: { processId: 99 }, host: stray(99) })],
    },
    'a stray Sentinel is stopped': {
      seen: healthy(cluster, { 'redis-03': { host: stray(99, '/usr/bin/redis-server *:26379 [sentinel]') } }),
    },
    'remains that the new settings do not load are left alone': {
      seen: [
        stoppedFacts(one, null),
        stoppedFacts(two, null, withFile('/data/redis/dump.rdb')),
        stoppedFacts(three, null, withFile('/data/redis/appendonlydir/appendonly.aof.1.incr.aof')),
      ],
    },
    'a stopped replica’s file is its master’s': {
      seen: [masterFacts(one), replicaFacts(two), stoppedFacts(three, MASTER, withFile(SNAPSHOT))],
    },
    'a stopped node’s snapshot has no key in it': {
      seen: [masterFacts(one), replicaFacts(two), stoppedFacts(three, null, withFile(SNAPSHOT, 0))],
    },
    'all are stopped, and the master loads its data like its replicas': {
      seen: [
        stoppedFacts(one, null, withFile(SNAPSHOT)),
        stoppedFacts(two, MASTER, withFile(SNAPSHOT)),
        stoppedFacts(three, MASTER, withFile(SNAPSHOT)),
      ],
    },
    'a stopped master finds its data again': {
      desired: desiredCluster({ lines: ['dir /var/lib/redis', 'dbfilename dump.rdb'] }),
      seen: [stoppedFacts(one, null, stock(one, '/var/lib/redis/dump.rdb')), bareFacts(two), bareFacts(three)],
    },
    'an empty master is restarted': {
      desired: desiredCluster({ lines: ['databases 32'] }),
      seen: [masterFacts(one, EMPTY), masterFacts(two, EMPTY), masterFacts(three, EMPTY)],
    },
    'a replica with other, fewer keys than its master is restarted': {
      seen: [
        masterFacts(one),
        replicaFacts(two, { redis: { keys: 3, replicationId: OTHER, master: link({ up: false }) }, host: sandboxed }),
        replicaFacts(three),
      ],
    },
    'a replica that loads what its master sends': {
      seen: healthy(cluster, {
        'redis-03': { redis: { loading: true, master: link({ up: false, syncInProgress: true }) } },
      }),
    },
    'leftovers of replication where Git wants none': {
      desired: desiredCluster({ change: { replication: false } }),
      seen: [masterFacts(one), masterFacts(two), stoppedFacts(three, MASTER)],
    },
  };

  it.each(Object.entries(FREE))('%s', (_name, { seen, desired = cluster }) => {
    const plan = planOf(desired, seen);
    expect(describeBlockers(plan)).toEqual([]);
    expect(planOf(desired, afterPlan(plan, desired, seen)).waves).toEqual([]);
  });

  it('writes a standalone file over a leftover replicaof, and starts it', () => {
    const desired = desiredCluster({ change: { replication: false } });
    const plan = planOf(desired, [masterFacts(one), masterFacts(two), stoppedFacts(three, MASTER)]);
    expect(stepsOf(plan)).toEqual([['redis-03 write-file'], ['redis-03 start-unit']]);
  });
});

describe('risks', () => {
  it('warns of a maxmemory below the memory in use', () => {
    const plan = planOf(desiredCluster({ lines: ['maxmemory 1mb'] }), healthy(cluster));
    expect(plan.risks.map(({ node, message }) => [node, message])).toEqual([
      ['redis-01', 'redis-01 uses 17.2 MiB, more than the maxmemory of 1 MiB: writes will be refused.'],
    ]);
  });

  it('warns of a link that is down', () => {
    const plan = planOf(cluster, healthy(cluster, { 'redis-02': { redis: { master: link({ up: false }) } } }));
    expect(plan.risks.map(({ code, node }) => [code, node])).toEqual([['REPLICA_LINK_DOWN', 'redis-02']]);
  });

  it('warns of a master that could not become a replica', () => {
    const plan = planOf(cluster, healthy(cluster, { 'redis-01': { host: sandboxed } }));
    expect(plan.waves).toEqual([]);
    expect(plan.risks.map(({ code, node }) => [code, node])).toEqual([['DATA_DIRECTORY_READ_ONLY', 'redis-01']]);
  });
});

describe('secrets', () => {
  it('appear nowhere in a plan', () => {
    const desired = desiredCluster({ password: password() });
    const plans = [planOf(desired, healthy(cluster)), planOf(desired, desired.nodes.map(bareFacts))];
    const changed = desiredCluster({ password: new Secret('another-one') });
    plans.push(planOf(changed, healthy(desired)));
    expect(JSON.stringify(plans)).not.toContain('canary');
    expect(JSON.stringify(plans)).not.toContain('another-one');
    expect(JSON.stringify(plans)).toContain('requirepass');
  });
});
