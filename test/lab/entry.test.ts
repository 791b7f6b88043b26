import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutPower, resetHosts } from '../../lab/hosts.ts';
import { startWriter } from '../../lab/writer.ts';
import { verify } from '../../src/verify/verify.ts';
import { ENTRY, PROXY, askHaproxy, entryFiles, serverStates, startHaproxy } from './haproxy.ts';
import { CONVERGE, PASSWORD, besideWriter, bringUp, openLabCluster, run, type LabCluster } from './lab-cluster.ts';

const ADDRESS = '10.0.0.120:6379';
const NEEDS_RESTART = ['redis_config:', '  databases: 32'];
/** The check alone needs seconds. */
const LONGEST_GAP_MS = 100;

/** A client that knows the entry only. */
function throughEntry(act: () => Promise<void>) {
  const writer = startWriter({ addresses: [ENTRY.host], port: ENTRY.port, password: PASSWORD, intervalMs: 2 });
  return besideWriter(writer, act);
}

describe('the clients’ entry through HAProxy', () => {
  let lab: LabCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks(), lab.nodes);
    await startHaproxy('role', PASSWORD);
  });

  afterAll(async () => {
    await lab.close();
    await cutPower(PROXY);
  });

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
});
