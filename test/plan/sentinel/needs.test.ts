import { describe, expect, it } from 'vitest';
import type { DesiredCluster, SentinelHost } from '../../../src/domain/desired.ts';
import { readinessOf } from '../../../src/domain/readiness/readiness.ts';
import { actionsOf, needsApproval } from '../../../src/domain/plan.ts';
import type { SentinelFacts } from '../../../src/domain/sentinel/facts.ts';
import { SET_UP, sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { idOf, masterSeenBy, sentinel, sentinelHost } from '../../sentinels.ts';

const FILE = ['port 26379', 'sentinel monitor redis 10.0.0.123 6379 2'];

function host(name: string, address: string, facts?: SentinelHost['facts']): SentinelHost {
  return { ...sentinelHost(name, address, FILE), ...(facts ? { facts } : {}) };
}

const HOSTS = ['monitor-01', 'monitor-02', 'monitor-03'].map((name) => [name, `10.0.1.${name.at(-1)}`] as const);

/** A healthy Sentinel of three, none of them on a host of Redis. */
function up(name: string, lines: readonly string[] = [SET_UP, ...FILE]): SentinelFacts {
  const peers = HOSTS.filter(([other]) => other !== name).map(([other, address]) => {
    return { host: address, port: 26_379, id: idOf(other), flags: new Set(['sentinel']) };
  });
  const own = sentinel('redis-01');
  return sentinel('redis-01', {
    facts: { file: { ...own.file, content: sentinelFile(lines) }, pings: [] },
    process: { id: idOf(name), masters: [masterSeenBy('redis-01', { peers })] },
  });
}

const DOWN: Partial<SentinelFacts> = {
  process: { state: 'down', reason: 'Nothing listens.' },
  unit: {
    ...sentinel('redis-01').unit,
    loadState: 'not-found',
    activeState: 'inactive',
    unitFileState: '',
    mainPid: 0,
  },
};

function cluster(
  factsOf: (name: string) => SentinelHost['facts'],
  change: Partial<DesiredCluster> = {},
): DesiredCluster {
  const hosts = HOSTS.map(([name, address]) => host(name, address, factsOf(name)));
  return { ...desiredCluster({ change: { sentinel: true } }), sentinelHosts: hosts, ...change };
}

const healthyHosts = cluster((name) => ({ reachable: true, sentinel: up(name) }));
const observed = healthy(desiredCluster());
const planFor = (desired: DesiredCluster) => makePlan({ kind: 'converge' }, desired, observed);
const kindsOf = (desired: DesiredCluster) => actionsOf(planFor(desired)).map(({ node, kind }) => `${node} ${kind}`);

describe('Sentinels on hosts without Redis', () => {
  it('are ready, with nothing to do', () => {
    expect(readinessOf(healthyHosts, observed)).toEqual([]);
    expect(kindsOf(healthyHosts)).toEqual([]);
    expect(driftOf(healthyHosts, observed)).toMatchObject({ drifts: [], unread: [] });
  });

  it('are installed and set up one at a time, after an approval', () => {
    const bare = cluster((name) => ({ reachable: true, sentinel: { ...up(name, []), ...DOWN } }));
    const plan = planFor(bare);
    expect(kindsOf(bare)).toEqual([
      ...HOSTS.flatMap(([name]) => [`${name} install-package`, `${name} set-up-sentinel`]),
      'monitor-03 await-sentinels',
    ]);
    expect(plan.blockers).toEqual([]);
    expect(plan.risks.filter(({ code }) => code === 'NODE_NEW').map(({ node }) => node)).toEqual(
      HOSTS.map(([name]) => name),
    );
    expect(needsApproval(plan)).toBe(true);
  });

  it.each(['unreachable', 'unread'])('block the plan while one is %s, and are no ghosts', (state) => {
    const away = { reachable: false, code: 'SSH_TIMEOUT', reason: 'It is silent.', hint: null } as const;
    const desired = cluster((name) => {
      if (name === 'monitor-02') return state === 'unread' ? undefined : away;
      const own = up(name);
      const [master] = own.process.state === 'up' ? own.process.masters : [];
      const peers = (master?.peers ?? []).map((peer) =>
        peer.host === '10.0.1.2' ? { ...peer, flags: new Set(['s_down', 'sentinel']) } : peer,
      );
      const process = { ...own.process, masters: [{ ...masterSeenBy('redis-01'), peers }] } as SentinelFacts['process'];
      return { reachable: true, sentinel: { ...own, process } };
    });
    expect(planFor(desired).blockers).toMatchObject([{ node: 'monitor-02' }]);
    expect(readinessOf(desired, observed).map(({ code, nodes }) => [code, nodes])).toEqual([
      ['SENTINEL_UNREADABLE', ['monitor-02']],
    ]);
  });

  it('are in the drift', () => {
    const desired = cluster((name) => {
      const lines = [SET_UP, ...FILE.map((line) => line.replace(/2$/, name === 'monitor-03' ? '3' : '2'))];
      return { reachable: true, sentinel: up(name, lines) };
    });
    expect(driftOf(desired, observed).drifts).toMatchObject([
      { node: 'monitor-03', kind: 'file', subject: 'sentinel quorum redis', git: '2', actual: '3' },
    ]);
    expect(kindsOf(desired)).toEqual(['monitor-03 sentinel-set', 'monitor-03 await-sentinels']);
  });

  it('are stopped where Git turns Sentinel off', () => {
    const off = { ...healthyHosts, sentinel: false, sentinelOff: true } as const;
    expect(kindsOf(off)).toEqual(HOSTS.map(([name]) => `${name} stop-sentinel`));
  });

  it('are not put to shame by a dead master: two nodes of Redis, three Sentinels elsewhere', () => {
    const dead = observed.map((facts) =>
      facts.name === 'redis-01' && facts.reachable
        ? { ...facts, redis: { state: 'down' as const, reason: 'Nothing listens.' } }
        : facts,
    );
    expect(readinessOf(healthyHosts, dead).map(({ code }) => code)).not.toContain('SENTINEL_MASTERS_DIFFER');
  });
});
