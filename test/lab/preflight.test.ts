import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { observe } from '../../src/observed/observe.ts';
import { CONVERGE, bringUp, kindsOf, openLabCluster, planFor, redisCli, run, type LabCluster } from './lab-cluster.ts';

/** 20,000 hardly compressible keys of 480 bytes, made on the node. */
const FILL = `for i=1,20000 do
  local text = redis.sha1hex(i)
  for j=1,11 do text = text .. redis.sha1hex(i..':'..j) end
  redis.call('SET', 'data:'..i, text)
end`;
const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

/** A change for all three while redis-03 is stopped. */
describe('a missing prerequisite blocks the whole plan', () => {
  let lab: LabCluster;
  let desired: DesiredCluster;

  beforeAll(async () => {
    await resetHosts();
    lab = await openLabCluster();
    await bringUp(await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0'] }), lab.nodes);
    await redisCli('redis-01', 'EVAL', FILL, '0');
    desired = await lab.asks({ variables: ['redis_config:', '  repl-diskless-sync-delay: 0', '  timeout: 77'] });
    await onHost('redis-03', 'systemctl stop redis-server');
  });

  afterAll(() => lab.close());

  async function refused(): Promise<Plan> {
    const plan = await planFor(CONVERGE, desired, lab.nodes);
    expect(kindsOf(plan)).toEqual(expect.arrayContaining(['redis-01 write-file', 'redis-02 write-file']));
    await expect(run(CONVERGE, desired, lab.nodes)).rejects.toMatchObject({ code: plan.blockers[0]?.code });
    const files = await Promise.all(HOSTS.map((host) => onHost(host, 'grep -c "^timeout 77" /etc/redis/redis.conf')));
    expect(files.map(({ stdout }) => stdout.trim())).toEqual(['0', '0', '0']);
    return plan;
  }

  it('a data directory too small for the snapshot, in figures', async () => {
    await onHost('redis-03', 'mount -t tmpfs -o size=4m,mode=750,uid=redis,gid=redis tmpfs /data/redis');
    try {
      const { blockers } = await refused();
      expect(blockers).toEqual([expect.objectContaining({ code: 'DISK_SHORT', node: 'redis-03' })]);
      expect(blockers[0]?.message).toMatch(
        /^redis-03 needs 1\d(\.\d)? MiB free in \/data\/redis for the snapshot, has 4 MiB\.$/,
      );
    } finally {
      await onHost('redis-03', 'umount /data/redis');
    }
  });

  it.each([
    ['Redis’s address', '10.0.0.125'],
    ['all addresses', '0.0.0.0'],
  ])('another process on %s', async (_, address) => {
    const listen = `import socket,time; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('${address}', 6379)); s.listen(); time.sleep(99)`;
    await onHost('redis-03', ['systemd-run', '--quiet', '--unit=squatter', 'python3', '-c', listen]);
    await expect.poll(() => onHost('redis-03', 'ss -Hltn "sport = :6379"').then(({ stdout }) => stdout)).not.toBe('');
    try {
      const { blockers } = await planFor(CONVERGE, desired, lab.nodes);
      expect(blockers).toEqual([expect.objectContaining({ code: 'PORT_TAKEN', node: 'redis-03' })]);
      expect(blockers[0]?.message).toMatch(/^python3 \(process \d+ of squatter\.service\) listens on /);
    } finally {
      await onHost('redis-03', 'systemctl kill --signal=KILL squatter; systemctl reset-failed squatter 2>/dev/null');
    }
  });

  it('a package that apt does not know', async () => {
    const nodes = desired.nodes.map((node) => {
      return node.name === 'redis-03' ? { ...node, packageName: 'redisops-no-such-package' } : node;
    });
    const without = await planFor(CONVERGE, { ...desired, nodes }, lab.nodes);
    expect(without.risks.map(({ message }) => message).join()).toContain('no package lists');
    await onHost('redis-03', 'touch /var/lib/apt/lists/lab_Packages');
    try {
      const { blockers } = await planFor(CONVERGE, { ...desired, nodes }, lab.nodes);
      expect(blockers).toEqual([expect.objectContaining({ code: 'PACKAGE_UNKNOWN', node: 'redis-03' })]);
    } finally {
      await onHost('redis-03', 'rm /var/lib/apt/lists/lab_Packages');
    }
  });

  it('nothing, once it is there: then all of it is done', async () => {
    const { plan, failure } = await run(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(failure).toBeNull();
  });

  it('is all read, of hosts that work', async () => {
    const facts = await observe(desired, lab.nodes);
    for (const node of facts) {
      if (!node.reachable || node.redis.state !== 'up') throw new Error(`${node.name} could not be read`);
      const { listeners, apt, memory, clock } = node.host.preflight;
      expect({ listeners, apt }).toEqual({ listeners: null, apt: null });
      expect(memory?.overcommit).toMatch(/heuristic|always|never/);
      // The lab’s hosts share this machine’s clock.
      expect(clock?.leastAheadMs).toBeLessThanOrEqual(0);
      expect(clock?.mostAheadMs).toBeGreaterThanOrEqual(0);
      expect(node.host.unit.startTimeoutMs).toBe(90_000);
      expect(node.redis.datasetBytes).toBeGreaterThan(9_000_000);
    }
  });
});
