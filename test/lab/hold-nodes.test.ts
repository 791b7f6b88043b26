import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootHost, haltHost, onHost, resetHosts } from '../../lab/hosts.ts';
import { holdNodes } from '../../src/apply/host/hold-nodes.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { startChild } from './child.ts';
import { CONVERGE, labSshSettings, openLabCluster, run, type LabCluster } from './lab-cluster.ts';
import type { Nodes } from '../../src/ports/nodes.ts';

describe('holdNodes', () => {
  let lab: LabCluster;
  let other: Nodes;
  let desired: DesiredCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    other = sshNodes(labSshSettings());
    desired = await lab.asks();
  });

  afterAll(async () => {
    await other.close();
    await lab.close();
  });

  it('keeps a second writer out, naming the first, until that one lets go', async () => {
    const hold = await holdNodes(desired, lab.nodes, 'run-1 by mira');
    await expect(holdNodes(desired, other, 'run-2 by jon')).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      message: 'redis-01 is held by run run-1 by mira.',
    });
    await hold.release();
    const second = await holdNodes(desired, other, 'run-2 by jon');
    await second.release();
    expect(await holders()).toEqual(['', '', '']);
  });

  it('releases what it took if a later node is held', async () => {
    const last = { ...desired, nodes: desired.nodes.slice(2) };
    const hold = await holdNodes(last, lab.nodes, 'run-1');
    await expect(holdNodes(desired, other, 'run-2')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    const first = { ...desired, nodes: desired.nodes.slice(0, 2) };
    await (await holdNodes(first, other, 'run-3')).release();
    await hold.release();
  });

  it('gives one of many concurrent writers all nodes, and the others none', async () => {
    const runs = Array.from({ length: 6 }, (_, number) => holdNodes(desired, lab.nodes, `run-${number}`));
    const results = await Promise.allSettled(runs);
    const holds = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(holds).toHaveLength(1);
    await Promise.all(holds.map((hold) => hold.release()));
  });

  it('is let go by the nodes themselves when the holder is killed', async () => {
    const child = await startChild('hold-child.ts', [lab.path]);
    await expect(holdNodes(desired, other, 'run-2')).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      message: 'redis-01 is held by run run-of-the-child by mira.',
    });
    const killedAt = performance.now();
    await child.kill();
    const hold = await expect
      .poll(() => holdNodes(desired, other, 'run-2').catch(() => null), { timeout: 10_000, interval: 50 })
      .not.toBeNull()
      .then(() => performance.now() - killedAt);
    // Not by half a minute of silence.
    expect(hold).toBeLessThan(20_000);
    await other.close();
    other = sshNodes(labSshSettings());
  });

  it('is lost when a node releases it: the run begins no further step', async () => {
    const hold = await holdNodes(desired, lab.nodes, 'run-1');
    expect(hold.lost.aborted).toBe(false);
    await onHost(
      'redis-02',
      String.raw`find /proc -maxdepth 3 -path '*/fd/9' -lname /run/redisops.lock 2>/dev/null |
      while IFS=/ read -r _ _ process _; do kill -KILL "$process"; done`,
    );
    await expect.poll(() => hold.lost.aborted, { timeout: 5000, interval: 20 }).toBe(true);
    const { failure, journal } = await run(CONVERGE, desired, lab.nodes, { lost: hold.lost });
    expect(failure?.error).toMatchObject({ code: 'HOLD_LOST', message: expect.stringContaining('redis-02') });
    expect(journal).toEqual([]);
    await hold.release();
  });

  it('waits for a dead predecessor of the same run instead of refusing', async () => {
    const child = await startChild('hold-child.ts', [lab.path]);
    const again = holdNodes(desired, other, 'run-of-the-child by mira');
    await child.kill();
    const hold = await again;
    expect(await holders()).toEqual(Array.from({ length: 3 }, () => 'run-of-the-child by mira'));
    await hold.release();
  });

  it('treats a holder’s name as text, whatever it contains', async () => {
    const hold = await holdNodes(desired, lab.nodes, `$(touch /tmp/owned) '; "\n<!channel> ${'x'.repeat(500)}`);
    const [holder = ''] = await holders();
    expect(holder).toMatch(/^[\w /:.-]{1,120}$/);
    expect((await onHost('redis-01', 'ls /tmp/owned')).code).not.toBe(0);
    await hold.release();
  });

  it('holds those that it can reach', async () => {
    await haltHost('redis-03');
    try {
      const hold = await holdNodes(desired, other, 'run-1');
      expect((await onHost('redis-02', 'cat /run/redisops.lock')).stdout).toBe('run-1\n');
      await hold.release();
    } finally {
      await bootHost('redis-03');
    }
  });
});

function holders(): Promise<readonly string[]> {
  return Promise.all(
    ['redis-01', 'redis-02', 'redis-03'].map(async (host) =>
      (await onHost(host, 'cat /run/redisops.lock')).stdout.trim(),
    ),
  );
}
