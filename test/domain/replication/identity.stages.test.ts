import { describe, expect, it } from 'vitest';
import { guardHandOver } from '../../../src/apply/hand-over/guard.ts';
import { failover } from '../../../src/apply/hand-over/failover.ts';
import { readState } from '../../../src/apply/node/replication-state.ts';
import { resync } from '../../../src/apply/synchronize/resync.ts';
import { judge } from '../../../src/diagnose/judge.ts';
import type { HandOver, Resync } from '../../../src/domain/action.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { everyNode, identitiesOf } from '../../../src/domain/known-nodes.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { statusReport } from '../../../src/report/cluster/status-report.ts';
import { statusJson } from '../../../src/report/json.ts';
import { verify } from '../../../src/verify/verify.ts';
import {
  DONE,
  desiredCluster as desiredOfFakes,
  fakeLink,
  fakeNodes,
  fakeStep,
  info,
  type Answers,
} from '../../apply/fake-nodes.ts';
import { desiredCluster, desiredNode, healthy, link } from '../../builders.ts';
import { rowsOf } from '../../report/look.ts';
import { fakeCluster, type FakeRedis } from '../../verify/fake-cluster.ts';
import { fakeClock } from '../../fake-clock.ts';

/** A node known by another name than its address: every stage must recognize it. */
const desired = desiredCluster();
const announced = asked(['replica-announce-ip 192.0.2.7']);

/** The desired state of redis-02, and of all. */
function asked(ofSecond: readonly string[], ofAll: readonly string[] = []): DesiredCluster {
  const nodes = ['redis-01', 'redis-02', 'redis-03'].map((name) =>
    desiredNode(name, { lines: [...ofAll, ...(name === 'redis-02' ? ofSecond : [])] }),
  );
  return desiredCluster({ nodes });
}

function listing(address: string) {
  return [address, '10.0.0.125'].map((each) => ({
    address: each,
    port: 6379,
    state: 'online',
    offset: 1000,
    lagSeconds: 0,
  }));
}

const BY_INVENTORY_NAME = healthy(desired, { 'redis-02': { redis: { master: link({ host: 'redis-01' }) } } });
const BY_RESOLVED_NAME = healthy(desired, {
  'redis-02': {
    redis: { master: link({ host: 'cache.example' }), resolved: new Map([['cache.example', ['10.0.0.123']]]) },
  },
});
const ANNOUNCED = healthy(announced, { 'redis-01': { redis: { replicas: listing('192.0.2.7') } } });

const CASES: readonly (readonly [string, DesiredCluster, readonly NodeFacts[], readonly string[]])[] = [
  ['a replica follows its master by its inventory name', desired, BY_INVENTORY_NAME, []],
  ['a replica follows its master by a name that its host resolves', desired, BY_RESOLVED_NAME, []],
  ['a replica announces another address', announced, ANNOUNCED, ['replica-announce-ip 192.0.2.7']],
];

async function stepWith(node: string, cluster: DesiredCluster, seen: readonly NodeFacts[], answers: Answers) {
  const step = await fakeStep(
    node,
    cluster,
    fakeNodes(() => ({ ...DONE, stdout: '0\n' }), answers),
  );
  return { ...step, identities: identitiesOf(everyNode(cluster.nodes, seen)) };
}

const HISTORY = { master_replid: 'a', db0: 'keys=10' };

/**
 * INFO and ROLE of redis-01, which lists redis-02 as given, and of its replicas, of which redis-02 follows it as given.
 */
function answersOf({ listed = '10.0.0.124', follows = '10.0.0.123' }, sent: string[] = []): Answers {
  return (name, words) => {
    const master = name === 'redis-02' ? follows : '10.0.0.123';
    if (words[0] === 'ROLE') return name === 'redis-01' ? ['master'] : ['slave', master, 6379, 'connected', 100];
    if (words[0] === 'INFO' && name === 'redis-01')
      return info({
        ...HISTORY,
        master_repl_offset: 100,
        slave0: `ip=${listed},port=6379,state=online,offset=100,lag=0`,
      });
    if (words[0] === 'INFO')
      return info({
        ...HISTORY,
        role: 'slave',
        master_host: master,
        master_port: 6379,
        slave_repl_offset: 100,
        master_link_status: 'up',
        master_last_io_seconds_ago: 0,
      });
    sent.push(words.join(' '));
    return 'OK';
  };
}

describe.each(CASES)('%s', (_, cluster, seen, ofSecond) => {
  it('status: healthy, and the replica is its master’s', () => {
    const judgement = judge(cluster, seen);
    expect(judgement).toEqual({ verdict: 'healthy', reasons: [] });
    expect(rowsOf(statusReport(cluster, seen, judgement), 'Nodes')[1]?.slice(0, 5)).toEqual([
      'redis-02',
      'replica',
      'up, redis-01',
      '1,000',
      '0 B',
    ]);
    expect(statusJson(cluster, seen, judgement).nodes[1]).toMatchObject({ link: 'up', lagBytes: 0 });
  });

  it('plan: the role matches Git', () => {
    const plan = makePlan({ kind: 'converge' }, cluster, seen);
    expect(plan.blockers).toEqual([]);
    expect(plan.topology.master).toBe('redis-01');
    expect(actionsOf(plan).filter(({ kind }) => kind !== 'write-file')).toEqual([]);
    expect(driftOf(cluster, seen).drifts.filter(({ kind }) => kind === 'role')).toEqual([]);
  });

  it('plan: it is a candidate for its master’s role', () => {
    const plan = makePlan({ kind: 'converge' }, asked(ofSecond, ['databases 32']), seen);
    expect(plan.blockers).toEqual([]);
    expect(actionsOf(plan).find(({ kind }) => kind === 'hand-over')).toMatchObject({ to: { name: 'redis-02' } });
  });

  it('plan: it can be resynchronized', () => {
    expect(makePlan({ kind: 'resync', node: 'redis-02' }, cluster, seen).blockers).toEqual([]);
  });
});

describe('a resynchronization of a replica that follows its master by a name', () => {
  it.each([
    ['redis-01', BY_INVENTORY_NAME],
    ['cache.example', BY_RESOLVED_NAME],
  ])('is carried out: %s', async (follows, seen) => {
    const [action] = actionsOf(makePlan({ kind: 'resync', node: 'redis-02' }, desired, seen));
    if (action?.kind !== 'resync') throw new Error('no resync was planned');
    const sent: string[] = [];
    const step = await stepWith('redis-02', desired, seen, answersOf({ follows }, sent));
    expect(await resync(action satisfies Resync, step)).toBe(true);
    expect(sent).toContain(`REPLICAOF ${follows} 6379`);
  });

  it('is refused, with the reason, if the name belongs to no node', async () => {
    const action: Resync = {
      kind: 'resync',
      node: 'redis-02',
      summary: '',
      disruptive: true,
      reason: '',
      mode: 'full',
      master: { host: 'elsewhere.example', port: 6379 },
    };
    const step = await stepWith('redis-02', desired, [], answersOf({ follows: 'elsewhere.example' }));
    await expect(resync(action, step)).rejects.toMatchObject({
      code: 'RESYNC_MASTER_UNREACHABLE',
      message: 'elsewhere.example:6379 is not a node of this cluster.',
    });
  });
});

describe('handing the role to a node under another name', () => {
  const action: HandOver = {
    kind: 'hand-over',
    node: 'redis-01',
    summary: '',
    disruptive: true,
    reason: '',
    to: { name: 'redis-02', host: '10.0.0.124', port: 6379 },
  };

  it.each([
    ['follows by its inventory name', BY_INVENTORY_NAME, { follows: 'redis-01' }],
    ['follows by a resolved name', BY_RESOLVED_NAME, { follows: 'cache.example' }],
    ['announces another address', ANNOUNCED, { listed: '192.0.2.7' }],
  ])('is allowed: it %s', async (_, seen, change) => {
    const answers = answersOf(change);
    const step = await stepWith('redis-01', desired, seen, answers);
    const [old, candidate] = await Promise.all(
      ['redis-01', 'redis-02'].map((name) => readState(fakeLink(name, answers))),
    );
    if (!old || !candidate) throw new Error('both were read');
    await expect(guardHandOver(action, { old, candidate }, step)).resolves.toBeUndefined();
  });

  it('passes its announced endpoint to FAILOVER', async () => {
    const sent: string[] = [];
    const answers = answersOf({ listed: '192.0.2.7' }, sent);
    const step = await stepWith('redis-01', desired, ANNOUNCED, answers);
    // The hand-over fails; only the address in the command matters.
    await expect(failover(action, fakeLink('redis-01', answers), step)).rejects.toMatchObject({
      code: 'HANDOVER_REFUSED',
    });
    expect(sent).toEqual(['FAILOVER TO 192.0.2.7 6379 TIMEOUT 5000']);
  });
});

describe('verify finds nothing wrong if a replica', () => {
  const cluster = desiredOfFakes(['redis-01', 'redis-02', 'redis-03']);

  it.each<[string, Partial<FakeRedis>]>([
    ['follows its master by its inventory name', { follows: 'redis-01' }],
    [
      'follows it by a name that its host resolves',
      { follows: 'cache.example', resolves: { 'cache.example': '10.0.0.1' } },
    ],
    ['announces another address', { announces: '192.0.2.7' }],
    ['announces a name', { announces: 'redis-02.example' }],
  ])('%s', async (_, change) => {
    const { nodes } = fakeCluster({ 'redis-02': change });
    expect(await verify(cluster, nodes, fakeClock())).toMatchObject({ verdict: 'healthy', reasons: [] });
  });

  it('but reports a name of another node', async () => {
    const { nodes } = fakeCluster({
      'redis-02': { follows: 'cache.example', resolves: { 'cache.example': '10.0.0.3' } },
    });
    expect((await verify(cluster, nodes, fakeClock())).reasons).toMatchObject([
      { code: 'REPLICA_LINK_DOWN', node: 'redis-02' },
    ]);
  });
});
