import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootHost, haltHost, onHost, resetHosts } from '../../lab/hosts.ts';
import { cutBetween, restoreNetwork } from '../../lab/network.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { verify } from '../../src/verify/verify.ts';
import { bringUp, infoField, openLabCluster, redisCli, type LabCluster } from './lab-cluster.ts';

describe('verify', () => {
  let lab: LabCluster;
  let desired: DesiredCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    desired = await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0'] });
    await bringUp(desired, lab.nodes);
  });

  afterAll(() => lab.close());

  it('sets, reads everywhere, is refused on replicas, and leaves nothing behind', async () => {
    const offset = Number(await infoField('redis-01', 'master_repl_offset'));
    const verification = await verify(desired, lab.nodes);
    expect(verification).toMatchObject({
      verdict: 'healthy',
      reasons: [],
      master: 'redis-01',
      acknowledged: 2,
      expected: 2,
      replicas: [
        { name: 'redis-02', matches: true, offsetLag: 0, refusedWrite: true },
        { name: 'redis-03', matches: true, offsetLag: 0, refusedWrite: true },
      ],
    });
    expect(verification.key).toMatch(/^redisops:probe:[0-9a-f]{32}$/);
    expect(Number(await infoField('redis-03', 'slave_repl_offset'))).toBeGreaterThan(offset);
    for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await redisCli(host, 'DBSIZE')).toBe('0');
  });

  it('takes less than 60 ms over kept connections', async () => {
    const durations: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const startedAt = performance.now();
      expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
      durations.push(performance.now() - startedAt);
    }
    // The fastest: how busy the machine is is not the question.
    expect(Math.min(...durations)).toBeLessThan(60);
  });

  it('sees through a link that both ends call up, but nothing passes', async () => {
    await cutBetween('redis-01', 'redis-03');
    try {
      expect(await infoField('redis-03', 'master_link_status')).toBe('up');
      const { verdict, reasons, replicas, acknowledged } = await verify(desired, lab.nodes);
      expect(verdict).toBe('degraded');
      expect(reasons).toContainEqual(expect.objectContaining({ code: 'PROBE_FAILED', node: 'redis-03' }));
      expect(acknowledged).toBe(1);
      expect(replicas).toContainEqual(expect.objectContaining({ name: 'redis-02', matches: true }));
      expect(replicas).toContainEqual(expect.objectContaining({ name: 'redis-03', value: null, matches: false }));
    } finally {
      await restoreNetwork('redis-01');
      await restoreNetwork('redis-03');
    }
    await healthyAgain();
  });

  it('finds a replica that accepts writes', async () => {
    await redisCli('redis-02', 'CONFIG', 'SET', 'replica-read-only', 'no');
    const { verdict, reasons } = await verify(desired, lab.nodes);
    await redisCli('redis-02', 'CONFIG', 'SET', 'replica-read-only', 'yes');
    expect(verdict).toBe('degraded');
    expect(reasons.map(({ code, node }) => [code, node])).toEqual([['REPLICA_ACCEPTS_WRITES', 'redis-02']]);
    await healthyAgain();
  });

  it('quotes Redis if the master refuses writes', async () => {
    await redisCli('redis-01', 'CONFIG', 'SET', 'min-replicas-to-write', '5');
    const { verdict, reasons } = await verify(desired, lab.nodes);
    await redisCli('redis-01', 'CONFIG', 'SET', 'min-replicas-to-write', '0');
    expect(verdict).toBe('down');
    expect(reasons[0]).toMatchObject({ code: 'WRITES_REFUSED', node: 'redis-01' });
    expect(reasons[0]?.message).toContain('NOREPLICAS');
  });

  it('probes nothing if two nodes claim to be master', async () => {
    await redisCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
    const { verdict, reasons, key } = await verify(desired, lab.nodes);
    await redisCli('redis-02', 'REPLICAOF', '10.0.0.123', '6379');
    expect({ verdict, key }).toEqual({ verdict: 'down', key: null });
    expect(reasons.map(({ code }) => code)).toEqual(['MASTER_AMBIGUOUS']);
    await healthyAgain();
  });

  it('distinguishes a stopped Redis from an unreadable node', async () => {
    await onHost('redis-03', 'systemctl stop redis-server');
    const stopped = await verify(desired, lab.nodes);
    expect(stopped.verdict).toBe('degraded');
    expect(stopped.reasons).toMatchObject([{ code: 'REDIS_UNREACHABLE', node: 'redis-03' }]);
    expect(stopped.replicas).toContainEqual(expect.objectContaining({ name: 'redis-02', matches: true }));

    await haltHost('redis-03');
    try {
      const gone = await verify(desired, lab.nodes);
      expect(gone.verdict).toBe('unknown');
      expect(gone.replicas).toContainEqual(expect.objectContaining({ name: 'redis-02', matches: true }));
    } finally {
      await bootHost('redis-03');
    }
    await healthyAgain();
  });

  it('probes each node of a cluster without replication by itself', async () => {
    await resetHosts();
    const alone = await lab.asks({ replication: false });
    await bringUp(alone, lab.nodes);
    expect(await verify(alone, lab.nodes)).toMatchObject({ verdict: 'healthy', master: 'redis-01', replicas: [] });
    for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await redisCli(host, 'DBSIZE')).toBe('0');
    await onHost('redis-02', 'systemctl stop redis-server');
    expect((await verify(alone, lab.nodes)).verdict).toBe('degraded');
  });

  async function healthyAgain(): Promise<void> {
    const verdict = async () => (await verify(desired, lab.nodes)).verdict;
    await expect.poll(verdict, { timeout: 20_000, interval: 100 }).toBe('healthy');
  }
});
