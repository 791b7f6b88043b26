import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { judge } from '../../src/diagnose/judge.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { observe } from '../../src/observed/observe.ts';
import { statusJson } from '../../src/report/json.ts';
import { verify } from '../../src/verify/verify.ts';
import {
  CONVERGE,
  bringUp,
  carryOut,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  replicasOnline,
  run,
  underWriter,
  type LabCluster,
} from './lab-cluster.ts';
import { endpointOf, planOf } from './plans.ts';
import { on } from './program.ts';

const REPLICAS = ['redis-02', 'redis-03'] as const;
const QUICK = '  repl-diskless-sync-delay: 0';
/** A second address of redis-02 that nothing binds: as with network address translation. */
const ANNOUNCED = '10.0.0.224';
const ANNOUNCES = `  replica-announce-ip: "{{ '${ANNOUNCED}' if inventory_hostname == 'redis-02' else '' }}"`;

/** A node known by another name than its address: status, plan, apply and verify must agree on its identity. */
describe('a node under another name', () => {
  let lab: LabCluster;

  beforeAll(async () => {
    lab = await openLabCluster();
  });

  afterAll(() => lab.close());

  beforeEach(() => resetHosts());

  afterEach(async () => {
    await onHost('redis-02', `ip address del ${ANNOUNCED}/24 dev eth0 2>/dev/null; true`);
  });

  async function expectHealthy(desired: DesiredCluster): Promise<void> {
    const observed = await observe(desired, lab.nodes);
    const judgement = judge(desired, observed);
    expect(judgement).toEqual({ verdict: 'healthy', reasons: [] });
    expect(
      statusJson(desired, observed, judgement).nodes.map(({ link, lagBytes }) => [link, lagBytes !== null]),
    ).toEqual([
      [null, false],
      ['up', true],
      ['up', true],
    ]);
    expect(await verify(desired, lab.nodes)).toMatchObject({ verdict: 'healthy', reasons: [], acknowledged: 2 });
  }

  /** All three restart, and nothing is lost: the role moves to redis-02 and returns. */
  async function expectRestartByHandOver(desired: DesiredCluster): Promise<void> {
    const figures = await underWriter(async () => {
      const { plan, failure } = await run(CONVERGE, desired, lab.nodes);
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
      expect(kindsOf(plan)).toContain('redis-01 hand-over');
    });
    expect(figures.lost).toBe(0);
    expect(figures.acknowledged).toBeGreaterThan(20);
    expect(await infoField('redis-01', 'role')).toBe('master');
    for (const host of ['redis-01', ...REPLICAS])
      expect(await redisCli(host, 'CONFIG', 'GET', 'databases')).toBe('databases\n32');
    await expectHealthy(desired);
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  }

  /** A healthy cluster whose replicas follow the master by a name that their hosts know. */
  async function following(name: string): Promise<DesiredCluster> {
    const desired = await lab.asks({ variables: ['redis_config:', QUICK] });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    for (const host of REPLICAS) {
      await on(host, `echo '10.0.0.123 ${name}' >>/etc/hosts`);
      await redisCli(host, 'REPLICAOF', name, '6379');
      await expect.poll(() => infoField(host, 'master_link_status')).toBe('up');
    }
    await replicasOnline('redis-01', 2);
    return desired;
  }

  it.each(['redis-01', 'cache.example'])(
    'is followed as %s: in order and left so, resynchronized, and relieved of its role',
    async (name) => {
      const desired = await following(name);
      await expectHealthy(desired);
      // The file names the address; the running replica’s master is right.
      expect(await planFor(CONVERGE, desired, lab.nodes)).toMatchObject({ waves: [], blockers: [] });

      const resynced = await run({ kind: 'resync', node: 'redis-02' }, desired, lab.nodes);
      expect(resynced.plan.blockers).toEqual([]);
      expect(resynced.failure).toBeNull();
      expect(await infoField('redis-02', 'master_host')).toBe(name);
      await replicasOnline('redis-01', 2);
      await expectHealthy(desired);

      const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
      const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
      expect((await carryOut(plan, desired, lab.nodes)).failure).toBeNull();
      expect(await infoField('redis-02', 'role')).toBe('master');
      for (const host of ['redis-01', 'redis-03']) expect(await infoField(host, 'master_host')).toBe(to.host);
      expect(await redisCli('redis-02', 'GET', 'kept')).toBe('yes');
    },
  );

  it('is restarted with its replicas that follow it by a name, and nothing is lost', async () => {
    await following('cache.example');
    await expectRestartByHandOver(await lab.asks({ variables: ['redis_config:', QUICK, '  databases: 32'] }));
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('yes');
  });

  it('is made to follow the address if the name leads nowhere', async () => {
    const desired = await lab.asks({ variables: ['redis_config:', QUICK] });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-02', 'REPLICAOF', 'redis-01', '6379');
    await expect.poll(() => infoField('redis-02', 'master_link_status')).toBe('down');
    expect(
      judge(desired, await observe(desired, lab.nodes)).reasons.map(({ code, node }) => [code, node]),
    ).toContainEqual(['REPLICA_LINK_DOWN', 'redis-02']);
    const { plan, failure } = await run(CONVERGE, desired, lab.nodes);
    expect(kindsOf(plan)).toContain('redis-02 replicate');
    expect(failure).toBeNull();
    expect(await infoField('redis-02', 'master_host')).toBe('10.0.0.123');
    await replicasOnline('redis-01', 2);
    await expectHealthy(desired);
  });

  it('announces another address: in order, a candidate, and restarted with its master without a loss', async () => {
    await on('redis-02', `ip address add ${ANNOUNCED}/24 dev eth0`);
    const desired = await lab.asks({ variables: ['redis_config:', QUICK, ANNOUNCES] });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    expect(await redisCli('redis-01', 'INFO', 'replication')).toContain(`ip=${ANNOUNCED},port=6379,state=online`);
    await expectHealthy(desired);
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
    await expectRestartByHandOver(
      await lab.asks({ variables: ['redis_config:', QUICK, ANNOUNCES, '  databases: 32'] }),
    );
    expect(await redisCli('redis-01', 'INFO', 'replication')).toContain(`ip=${ANNOUNCED},port=6379,state=online`);
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('yes');
  });
});
