import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutPower, resetHosts } from '../../lab/hosts.ts';
import { verify } from '../../src/verify/verify.ts';
import { PROXY, askHaproxy, entryFiles, startHaproxy } from './haproxy.ts';
import { PASSWORD, bringUp, openLabCluster, type LabCluster } from './lab-cluster.ts';

const ADDRESS = '10.0.0.120:6379';

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
});
