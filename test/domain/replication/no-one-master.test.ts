import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { membersOf } from '../../../src/domain/members.ts';
import { masterless, masterLost, severalMasters } from '../../../src/domain/replication/no-one-master.ts';
import { link, masterFacts, replicaFacts, stoppedFacts, unreachable, one, two, three } from '../../builders.ts';

const away = link({ up: false, state: 'connect', lastIoSeconds: -1, downSeconds: 12 });
const orphans = [
  replicaFacts(two, { redis: { master: away, offset: 900 } }),
  replicaFacts(three, { redis: { master: away, offset: 950 } }),
];
const PROMOTED =
  '`failover lost-master` shows what would be lost, and makes the replica that is furthest the master. Then `apply` makes redis-01 a replica.';

function troubleOf(seen: readonly NodeFacts[]) {
  return masterless(membersOf(seen));
}

describe('masterless', () => {
  it('names a master that does not run, and promotes the replica that is furthest', () => {
    expect(troubleOf([stoppedFacts(one, null), ...orphans])).toEqual({
      code: 'MASTER_DOWN',
      node: 'redis-01',
      message:
        'redis-01 is the master and does not run. redis-02: 1000 keys, offset 900, replication ID aaaaaaaa, heard its master 12 s ago. redis-03: 1000 keys, offset 950, replication ID aaaaaaaa, heard its master 12 s ago. redis-01: no data file on disk.',
      hint: `Do not start redis-01 as a master: its replicas would copy what it loads. ${PROMOTED}`,
    });
  });

  it('does not treat an unreadable master as dead', () => {
    expect(troubleOf([unreachable(one), ...orphans])).toMatchObject({
      message: expect.stringMatching(/cannot be read.* redis-01: unknown\.$/),
      hint: `Make sure that redis-01 is down: if it is only cut off from here, clients still write to it. ${PROMOTED.replace('Then', 'Once redis-01 can be read again,')}`,
    });
  });

  it('treats a master heard by its replicas as running, and warns against promoting another', () => {
    const heard = [two, three].map((node) => replicaFacts(node));
    expect(troubleOf([unreachable(one), ...heard])).toMatchObject({
      code: 'MASTER_UNKNOWN',
      node: 'redis-01',
      message: expect.stringMatching(/^redis-01 is the master and runs \(its replicas hear it\), but cannot be read\./),
      hint: 'Restore access to redis-01. Do not promote a replica: clients still write to redis-01.',
    });
    const silent = [two, three].map((node) => replicaFacts(node, { redis: { master: link({ lastIoSeconds: 40 }) } }));
    expect(troubleOf([unreachable(one), ...silent])?.code).toBe('MASTER_DOWN');
  });

  it('takes a master that answers with an error for running, however long its replicas have not heard it', () => {
    const busy = masterFacts(one);
    const redis = { state: 'unreadable', code: 'REDIS_BUSY', reason: 'BUSY' } as const;
    expect(troubleOf([{ ...busy, redis }, ...orphans])).toMatchObject({
      code: 'MASTER_UNKNOWN',
      message: expect.stringMatching(/^redis-01 is the master and runs \(it answers\), but cannot be read\./),
    });
    const hung = { ...redis, code: 'REDIS_TIMEOUT' } as const;
    expect(troubleOf([{ ...busy, redis: hung }, ...orphans])?.code).toBe('MASTER_DOWN');
  });

  it('names the files of the dead master, which may be newer', () => {
    const dataFiles = [{ path: '/data/redis/dump.rdb', bytes: 2048, keys: null, ageSeconds: 60 }];
    expect(troubleOf([stoppedFacts(one, null, { dataFiles }), ...orphans])).toMatchObject({
      message: expect.stringMatching(/redis-01: on disk \/data\/redis\/dump\.rdb \(2 KiB\)\.$/),
      hint: expect.stringContaining('Copy its files first if they may be newer.'),
    });
  });

  it('promotes nothing if no replica holds keys', () => {
    const empty = [two, three].map((node) => replicaFacts(node, { redis: { master: away, keys: 0 } }));
    expect(troubleOf([stoppedFacts(one, null), ...empty])?.hint).toBe(
      'No running node holds keys. `plan` shows what a start of redis-01 would load.',
    );
  });

  it('names a loop, and breaks it at the fullest node', () => {
    const ring = [
      replicaFacts(one, { redis: { master: link({ host: three.address }) } }),
      replicaFacts(two, { redis: { master: link({ host: one.address }), offset: 1200 } }),
      replicaFacts(three, { redis: { master: link({ host: two.address }) } }),
    ];
    expect(troubleOf(ring)).toMatchObject({
      code: 'MASTER_UNKNOWN',
      message: expect.stringMatching(
        /^The nodes replicate in a loop \(redis-01 → redis-03 → redis-02 → redis-01\): no node is a master\./,
      ),
      hint: '`failover accept-history redis-02` makes redis-02 the master of all others.',
    });
  });

  it('names a node that replicates from itself', () => {
    const self = replicaFacts(one, { redis: { master: link({ host: one.address }) } });
    expect(troubleOf([self, stoppedFacts(two, null)])?.message).toMatch(/^redis-01 replicates from itself: no node/);
  });

  it('is null if a master is running, or nothing replicates', () => {
    expect(troubleOf([masterFacts(one), ...orphans])).toBeNull();
    expect(troubleOf([stoppedFacts(one, null), stoppedFacts(two, null)])).toBeNull();
  });
});

describe('masterLost', () => {
  it('tells a master that came back with less to be quick', () => {
    const members = membersOf([masterFacts(one, { redis: { keys: 0 } }), ...orphans]);
    const [lost] = members;
    expect(lost && masterLost(lost, members)).toMatchObject({
      message: expect.stringMatching(/^redis-01 is the master and holds less than its replicas\./),
      hint: expect.stringMatching(/^Act before the replicas copy redis-01: what only they hold would be lost\./),
    });
  });
});

describe('severalMasters', () => {
  it('says how much each holds, and how to keep one', () => {
    const members = membersOf([
      masterFacts(one, { redis: { keys: 5, replicationId: 'b'.repeat(40) } }),
      masterFacts(two, { redis: { keys: 3 } }),
      replicaFacts(three, { redis: { master: link({ host: two.address }) } }),
    ]);
    const { message, hint } = severalMasters(members.slice(0, 2), members);
    expect(message).toBe(
      'redis-01 and redis-02 are both masters. redis-01: 5 keys, offset 1000, replication ID bbbbbbbb, no replica. redis-02: 3 keys, offset 1000, replication ID aaaaaaaa, followed by redis-03.',
    );
    expect(hint).toBe(
      'Decide whose data is right. `failover accept-history redis-01` or `failover accept-history redis-02` makes that node the master. What the others hold is backed up first, then they become its replicas.',
    );
  });

  it('names a former master that came back after a failover', () => {
    const masterHome = { node: 'redis-02', replicationId: 'a'.repeat(40), over: ['redis-01'] };
    const members = membersOf([
      masterFacts(one, { redis: { keys: 5, replicationId: 'b'.repeat(40) } }),
      masterFacts(two, { redis: { keys: 3 }, host: { masterHome } }),
    ]);
    expect(severalMasters(members, members)).toMatchObject({
      node: 'redis-01',
      message: expect.stringMatching(/^redis-01 came back as a master, and takes writes: redis-02 has the role/),
      hint: expect.stringContaining('`apply` backs up what it holds, and makes it a replica of redis-02.'),
    });
  });

  it('asks for access to an unknown node first: no failover begins without', () => {
    const members = membersOf([masterFacts(one), masterFacts(two), unreachable(three)]);
    expect(severalMasters(members.slice(0, 2), members).hint).toContain('Restore access to redis-03 first.');
  });
});
