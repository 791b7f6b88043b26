import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootHost, cutPower, resetHosts } from '../../lab/hosts.ts';
import { startWriter } from '../../lab/writer.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { entryOverview } from '../../src/domain/health/entry-overview.ts';
import { readinessOf } from '../../src/domain/readiness/readiness.ts';
import { observe } from '../../src/observed/observe.ts';
import { verify } from '../../src/verify/verify.ts';
import { ENTRY, PROXY, askHaproxy, entryFiles, serverStates, startHaproxy } from './haproxy.ts';
import {
  CONVERGE,
  PASSWORD,
  besideWriter,
  bringUp,
  carryOut,
  infoField,
  openLabCluster,
  run,
  type LabCluster,
} from './lab-cluster.ts';
import { endpointOf, planOf } from './plans.ts';

const ADDRESS = '10.0.0.120:6379';
const NEEDS_RESTART = ['redis_config:', '  databases: 32'];
/** HAProxy’s own check, which needs 2.8 s, must not be what moves clients. Seen on a busy machine: 163 and 260 ms. */
const LONGEST_GAP_MS = 1000;

/** A client that knows the entry only. */
function throughEntry(act: () => Promise<void>) {
  const place = { addresses: [ENTRY.host], port: ENTRY.port, password: PASSWORD };
  return besideWriter(startWriter({ ...place, intervalMs: 2, retryMs: 5 }), act);
}

describe('the clients’ entry through HAProxy', () => {
  let lab: LabCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks(), lab.nodes);
    await bootHost(PROXY);
    await startHaproxy('role', PASSWORD);
  });

  afterAll(async () => {
    await lab.close();
    await cutPower(PROXY);
  });

  /** Only the step that moves the role. */
  async function handOver(from: string, to: string, desired: DesiredCluster): Promise<void> {
    const plan = planOf(desired, [{ kind: 'hand-over', node: from, to: { name: to, ...endpointOf(desired, to) } }]);
    expect((await carryOut(plan, desired, lab.nodes)).failure).toBeNull();
    expect(await infoField(to, 'role')).toBe('master');
  }

  async function answersAt(): Promise<readonly string[] | undefined> {
    return (await verify(await lab.asks({ files: entryFiles(false) }), lab.nodes)).entry?.[0]?.nodes;
  }

  it('is verified by a write that names the node which answered', async () => {
    const { verdict, reasons, entry } = await verify(await lab.asks({ files: entryFiles(false) }), lab.nodes);
    expect({ verdict, reasons }).toEqual({ verdict: 'healthy', reasons: [] });
    expect(entry).toMatchObject([{ address: ADDRESS, nodes: ['redis-01'], connections: 3, writes: 3 }]);
  });

  it('that leads to a replica is down for clients, although the cluster is healthy', async () => {
    await askHaproxy('set server clients/node1 state maint; set server clients/node2 health up');
    const { verdict, reasons, entry } = await verify(await lab.asks({ files: entryFiles(false) }), lab.nodes);
    await askHaproxy('set server clients/node1 state ready; set server clients/node2 health down');
    expect(verdict).toBe('down');
    expect(reasons).toMatchObject([
      { code: 'ENTRY_WRONG_NODE', message: `The entry ${ADDRESS} leads to redis-02, which is not the master.` },
    ]);
    expect(entry).toMatchObject([{ nodes: ['redis-02'], writes: 0 }]);
  });

  it('without a server that is up, or without a listener, says which', async () => {
    await askHaproxy('disable frontend clients');
    const { verdict, reasons } = await verify(await lab.asks({ files: entryFiles(false) }), lab.nodes);
    await askHaproxy('enable frontend clients');
    expect(verdict).toBe('down');
    expect(reasons).toMatchObject([{ code: 'ENTRY_UNREACHABLE' }]);
  });

  it('is in the status: who answers, and what the check looks at', async () => {
    const desired = await lab.asks({ files: entryFiles(true) });
    const observed = await observe(desired, lab.nodes);
    expect(entryOverview(desired, observed)).toEqual({
      addresses: [{ address: ADDRESS, nodes: ['redis-01'], reachable: true }],
      check: 'role',
    });
    expect(readinessOf(desired, observed)).toEqual([]);
  });

  it('is led along by a hand-over in the same write pause, and left as it was', async () => {
    const desired = await lab.asks({ files: entryFiles(true), variables: NEEDS_RESTART });
    const before = await serverStates();
    const figures = await throughEntry(async () => {
      const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
    });
    expect(figures.lost).toBe(0);
    expect(figures.longestGapMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
    await expect.poll(serverStates, { timeout: 30_000 }).toEqual(before);
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
  });

  it('that a killed worker left with the old master is led along by the next one', async () => {
    const desired = await lab.asks({ files: entryFiles(true) });
    // HAProxy finds out nothing by itself.
    await askHaproxy('disable health clients/node1;disable health clients/node2;disable health clients/node3');
    await handOver('redis-01', 'redis-02', await lab.asks({ files: entryFiles(false) }));
    expect(await answersAt()).toEqual(['redis-01']);
    await handOver('redis-01', 'redis-02', desired);
    expect(await answersAt()).toEqual(['redis-02']);
    await askHaproxy('enable health clients/node1;enable health clients/node2;enable health clients/node3');
    await handOver('redis-02', 'redis-01', desired);
    expect(await answersAt()).toEqual(['redis-01']);
  });

  it('whose check looks at a port only is led all the same, and gets its weights back with the role', async () => {
    await startHaproxy('port', PASSWORD);
    const desired = await lab.asks({ files: entryFiles(true) });
    const before = await serverStates();
    expect(readinessOf(desired, await observe(desired, lab.nodes))).toMatchObject([
      {
        code: 'ENTRY_CHECKS_PORT',
        message: expect.stringContaining('HAProxy on lb-01 (clients) looks at a port only'),
      },
    ]);
    const figures = await throughEntry(async () => {
      await handOver('redis-01', 'redis-03', desired);
      expect(await answersAt()).toEqual(['redis-03']);
      expect((await serverStates()).map(({ weight }) => weight)).toEqual(['0', '0', '1']);
      await handOver('redis-03', 'redis-01', desired);
    });
    expect(figures.lost).toBe(0);
    expect(figures.longestGapMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
    expect(await serverStates()).toEqual(before);
  });

  it('is not led to a server in maintenance: the role stays', async () => {
    await askHaproxy('set server clients/node2 state maint');
    const desired = await lab.asks({ files: entryFiles(true) });
    const to = { name: 'redis-02', ...endpointOf(desired, 'redis-02') };
    const plan = planOf(desired, [{ kind: 'hand-over', node: 'redis-01', to }]);
    const { failure } = await carryOut(plan, desired, lab.nodes);
    await askHaproxy('set server clients/node2 state ready');
    expect(failure?.error).toMatchObject({
      code: 'HANDOVER_REFUSED',
      message: 'HAProxy on lb-01 could not lead clients to redis-02: its server clients/node2 is in maintenance.',
    });
    expect(await infoField('redis-01', 'role')).toBe('master');
  });
});
