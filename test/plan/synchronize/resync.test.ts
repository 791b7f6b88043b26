import { describe, expect, it } from 'vitest';
import type { Code } from '../../../src/domain/code.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { finishResync } from '../../../src/plan/finish-resync.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import {
  configurationOf,
  healthy,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unreachable,
  cluster,
  one,
  two,
  three,
} from '../../builders.ts';
import { describeBlockers } from '../look.ts';

const GOAL = { kind: 'resync', node: 'redis-03' } as const;
const broken = link({ up: false, state: 'connect' });

function withThree(third: NodeFacts, first: NodeFacts = masterFacts(one)): readonly NodeFacts[] {
  return [first, replicaFacts(two), third];
}

function configured(name: string, value: string) {
  return new Map([...configurationOf(three.redisConf.content), [name, value]]);
}

describe('resync', () => {
  it('tries a new connection first if there is no link', () => {
    const plan = makePlan(GOAL, cluster, withThree(replicaFacts(three, { redis: { master: broken } })));
    expect(plan.blockers).toEqual([]);
    expect(plan.waves).toMatchObject([
      {
        actions: [
          { kind: 'resync', node: 'redis-03', mode: 'partial', disruptive: true, master: { host: one.address } },
        ],
      },
    ]);
  });

  it('synchronizes in full if the link is up', () => {
    const plan = makePlan(GOAL, cluster, healthy(cluster));
    expect(plan.blockers).toEqual([]);
    expect(plan.waves).toMatchObject([{ actions: [{ kind: 'resync', mode: 'full' }] }]);
  });

  it('does not mind other nodes that cannot be read', () => {
    const plan = makePlan(GOAL, cluster, [masterFacts(one), unreachable(two), replicaFacts(three)]);
    expect(plan.blockers).toEqual([]);
  });

  const GUARDS: Readonly<Record<string, { seen: readonly NodeFacts[]; code: Code; goal?: string }>> = {
    'the master': { seen: healthy(cluster), code: 'RESYNC_MASTER', goal: 'redis-01' },
    'an empty master that was not seen followed': {
      seen: [one, two, three].map((node) => masterFacts(node, { redis: { keys: 0 } })),
      code: 'RESYNC_MASTER',
      goal: 'redis-01',
    },
    'a node that follows nobody': {
      seen: withThree(masterFacts(three, { redis: { keys: 0 } })),
      code: 'RESYNC_NOT_A_REPLICA',
    },
    'a second master with replicas of its own': {
      seen: withThree(
        masterFacts(three, {
          redis: { replicas: [{ address: '10.9.9.9', port: 6379, state: 'online', offset: 1, lagSeconds: 0 }] },
        }),
      ),
      code: 'RESYNC_MASTER',
    },
    'a node that cannot be reached': { seen: withThree(unreachable(three)), code: 'SSH_TIMEOUT' },
    'a node whose Redis is down': {
      seen: withThree(stoppedFacts(three, { host: one.address, port: 6379 })),
      code: 'REDIS_UNREADABLE',
    },
    'a master that cannot be reached': {
      seen: withThree(replicaFacts(three), unreachable(one)),
      code: 'RESYNC_MASTER_UNREACHABLE',
    },
    'a master that is down': {
      seen: withThree(replicaFacts(three), stoppedFacts(one, null)),
      code: 'RESYNC_MASTER_UNREACHABLE',
    },
    'a master that is not in the inventory': {
      seen: withThree(replicaFacts(three, { redis: { master: link({ host: '10.9.9.9' }) } })),
      code: 'RESYNC_MASTER_UNREACHABLE',
    },
    'a master that loads': {
      seen: withThree(replicaFacts(three), masterFacts(one, { redis: { loading: true } })),
      code: 'RESYNC_MASTER_UNREACHABLE',
    },
    'a master that is a replica itself': {
      seen: withThree(replicaFacts(three, { redis: { master: link({ host: two.address }) } })),
      code: 'RESYNC_MASTER_UNREACHABLE',
    },
    'a master with fewer keys': {
      seen: withThree(replicaFacts(three), masterFacts(one, { redis: { keys: 989 } })),
      code: 'RESYNC_MASTER_HAS_FEWER_KEYS',
    },
    'an empty master': {
      seen: withThree(replicaFacts(three, { redis: { keys: 1 } }), masterFacts(one, { redis: { keys: 0 } })),
      code: 'RESYNC_MASTER_HAS_FEWER_KEYS',
    },
    'a synchronization of its own that runs': {
      seen: withThree(replicaFacts(three, { redis: { master: link({ up: false, syncInProgress: true }) } })),
      code: 'SYNC_IN_PROGRESS',
    },
    'another node’s synchronization': {
      seen: [
        masterFacts(one),
        replicaFacts(two, { redis: { master: link({ up: false, syncInProgress: true }) } }),
        replicaFacts(three),
      ],
      code: 'SYNC_IN_PROGRESS',
    },
    'a data directory that cannot be written': {
      seen: withThree(replicaFacts(three, { host: { dataDirectoryWritable: false } })),
      code: 'RESYNC_WOULD_FAIL',
    },
    'an empty dbfilename': {
      seen: withThree(replicaFacts(three, { redis: { configuration: configured('dbfilename', '') } })),
      code: 'RESYNC_WOULD_FAIL',
    },
  };

  it.each(Object.entries(GUARDS))('is refused for %s', (_name, { seen, code, goal = 'redis-03' }) => {
    const plan = makePlan({ kind: 'resync', node: goal }, cluster, seen);
    expect(describeBlockers(plan).map((text) => text.split(' ')[0])).toEqual([code]);
  });

  it.each([
    ['1 % fewer keys: they expire while one counts', { redis: { keys: 990 } }],
    ['more keys', { redis: { keys: 5000 } }],
  ])('is not refused for a master with %s', (_name, first) => {
    expect(makePlan(GOAL, cluster, withThree(replicaFacts(three), masterFacts(one, first))).blockers).toEqual([]);
  });

  it('is not refused for a read-only folder if the replica loads from memory', () => {
    const third = replicaFacts(three, {
      redis: { configuration: configured('repl-diskless-load', 'swapdb') },
      host: { dataDirectoryWritable: false },
    });
    expect(makePlan(GOAL, cluster, withThree(third)).blockers).toEqual([]);
  });

  it.each([
    ['redis-3', /Did you mean redis-03/],
    ['REDIS-02', /Did you mean redis-02/],
    ['mysql-primary-eu-west', /^There is no node “mysql-primary-eu-west”\.$/],
    ['x'.repeat(10_000), /^There is no node “x{60}”\.$/],
  ])('knows no %s', (node, message) => {
    const ask = () => makePlan({ kind: 'resync', node }, cluster, healthy(cluster));
    expect(ask).toThrow(message);
    expect(ask).toThrow(RedisopsError);
    expect(ask).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NODE', hint: 'The nodes are: redis-01, redis-02, redis-03.' }),
    );
  });
});

describe('finishResync', () => {
  const CASES: readonly (readonly [string, NodeFacts, boolean, boolean])[] = [
    ['waits for a link that is not up yet', replicaFacts(three, { redis: { master: broken } }), false, true],
    ['waits once more where the step had ended', replicaFacts(three), true, true],
    ['leaves a link that is up, and no step that ended, to a new plan', replicaFacts(three), false, false],
    ['leaves a node without a master to a new plan', masterFacts(three), true, false],
    ['leaves a node that cannot be read to a new plan', unreachable(three), true, false],
  ];

  it.each(CASES)('%s', (_name, third, ended, waits) => {
    const plan = finishResync(GOAL, cluster, withThree(third), ended);
    expect(plan?.waves.map(({ actions }) => actions.map(({ kind }) => kind)) ?? null).toEqual(
      waits ? [['await-link']] : null,
    );
  });

  it('is the rest of the same goal', () => {
    const plan = finishResync(GOAL, cluster, withThree(replicaFacts(three, { redis: { master: broken } })), false);
    expect(plan).toMatchObject({ goal: GOAL, cluster: 'redis', revision: 'c0ffee', blockers: [] });
  });
});
