import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import {
  CONVERGE,
  bringUp,
  openLabCluster,
  planFor,
  redisCli,
  replicasOnline,
  run,
  type LabCluster,
} from './lab-cluster.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const FOUR_THOUSAND =
  "for i = 1, 4000 do redis.call('SET', 'deleted:' .. i, 'value') end return redis.status_reply('OK')";
const databases = (count: number, ...lines: readonly string[]) => [
  'redis_config:',
  `  databases: ${count}`,
  ...lines.map((line) => `  ${line}`),
];
const ALONE = { replication: false } as const;

/** Files that a start would load. */
async function loadable(host: string): Promise<string> {
  const { stdout } = await onHost(
    host,
    "find /data/redis -path '*quarantine*' -prune -o -type f '(' -name '*.rdb' -o -name '*.aof' ')' -print",
  );
  return stdout.trim();
}

/** Deleted keys stay deleted, whatever is on the disks. */
describe('deleted keys', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
  });

  afterEach(() => lab.close());

  async function restart(variables: readonly string[], options: { replication?: boolean } = {}) {
    const desired = await lab.asks({ ...options, variables });
    const { failure, plan } = await run(CONVERGE, desired, lab.nodes);
    expect(plan.blockers).toEqual([]);
    expect(failure).toBeNull();
    expect((await planFor(CONVERGE, desired, lab.nodes)).waves).toEqual([]);
    return plan;
  }

  async function holdsNothing(hosts: readonly string[]): Promise<void> {
    for (const host of hosts) expect(`${host} ${await redisCli(host, 'DBSIZE')}`).toBe(`${host} 0`);
  }

  it('stay deleted after FLUSHALL and the next restart of all', async () => {
    await bringUp(await lab.asks({ variables: databases(16) }), lab.nodes);
    await redisCli('redis-01', 'EVAL', FOUR_THOUSAND, '0');
    await restart(databases(17));
    for (const host of HOSTS) expect(`${host} ${await loadable(host)}`).toBe(`${host} `);
    await redisCli('redis-01', 'FLUSHALL');
    await replicasOnline('redis-01', 2);
    await restart(databases(18));
    await holdsNothing(HOSTS);
    // Nor does a crash bring them back: systemd restarts it.
    await onHost('redis-01', 'systemctl kill --signal=KILL redis-server');
    await expect.poll(() => redisCli('redis-01', 'PING').catch(String), { timeout: 10_000 }).toBe('PONG');
    await holdsNothing(['redis-01']);
  });

  it('stay deleted on a single node, also where the file has another name or place, or is an append-only one', async () => {
    const variables = databases(16, 'appendonly: "yes"');
    await bringUp(await lab.asks({ ...ALONE, variables }), lab.nodes);
    await redisCli('redis-01', 'EVAL', FOUR_THOUSAND, '0');
    await redisCli('redis-01', 'BGREWRITEAOF');
    const old = '/root/old';
    await redisCli('redis-01', 'SAVE');
    await onHost('redis-01', `cp -a /data/redis ${old}`);
    await restart(databases(17), ALONE);
    expect(await redisCli('redis-01', 'DBSIZE')).toBe('4000');
    await redisCli('redis-01', 'FLUSHALL');
    const lay = (name: string, as: string) => onHost('redis-01', `cp -a ${old}/${name} ${as}`);
    await lay('temp-sync.rdb', '/data/redis/temp-sync.rdb');
    await restart(databases(18), ALONE);
    await holdsNothing(['redis-01']);
    await lay('temp-sync.rdb', '/data/redis/other.rdb');
    const plan = await restart(databases(18, 'dbfilename: other.rdb'), ALONE);
    expect(plan.risks.map(({ message }) => message).join()).toMatch(/other\.rdb \(.* old\), older than the 0 keys/);
    await holdsNothing(['redis-01']);
    await onHost('redis-01', `cp -a ${old}/appendonlydir/. /data/redis/appendonlydir/`);
    await restart(databases(19, 'appendonly: "yes"'), ALONE);
    await holdsNothing(['redis-01']);
    await onHost('redis-01', 'install -d -o redis -g redis -m 750 /data/elsewhere');
    await lay('temp-sync.rdb', '/data/elsewhere/temp-sync.rdb');
    await mkdir(join(lab.path, 'ansible/host_vars'), { recursive: true });
    await writeFile(join(lab.path, 'ansible/host_vars/redis-01.yml'), 'redis_dir: /data/elsewhere\n');
    await restart(databases(19), ALONE);
    await holdsNothing(['redis-01']);
  });

  it('are not started from a file whose replicas have seen them go', async () => {
    const desired = await lab.asks({ variables: databases(16) });
    await bringUp(desired, lab.nodes);
    await redisCli('redis-01', 'EVAL', FOUR_THOUSAND, '0');
    await redisCli('redis-01', 'SAVE');
    await redisCli('redis-01', 'FLUSHALL');
    await replicasOnline('redis-01', 2);
    await onHost('redis-01', 'systemctl stop redis-server');
    const { blockers } = await planFor(CONVERGE, desired, lab.nodes);
    expect(blockers).toEqual([
      expect.objectContaining({
        code: 'START_LOADS_OLD_DATA',
        node: 'redis-01',
        message: expect.stringMatching(/temp-sync\.rdb \(.*, \d+ s old\)/),
      }),
    ]);
    await onHost('redis-01', 'rm /data/redis/temp-sync.rdb');
    await restart(databases(16));
    await holdsNothing(HOSTS);
  });
});
