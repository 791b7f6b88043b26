import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { redisCli } from './lab-cluster.ts';
import { on, openProgram, repositoryFor, type Program } from './program.ts';

const DROP_IN = '/etc/systemd/system/redis-server.service.d/override.conf';

const ASKED = { variables: ['redis_maxmemory: 256mb'] };

const drift = z.strictObject({
  cluster: z.literal('redis'),
  revision: z.literal('working tree'),
  drifts: z.array(
    z.strictObject({ node: z.string(), kind: z.string(), subject: z.string(), git: z.string(), actual: z.string() }),
  ),
  unread: z.array(z.strictObject({ node: z.string(), code: z.string(), reason: z.string() })),
});

let program: Program;

beforeAll(async () => {
  [program] = await Promise.all([openProgram(), resetHosts()]);
  await program.asks(ASKED);
});

afterAll(() => program.close());

async function found(exit: number): Promise<z.output<typeof drift>> {
  const answer = await program.run(['drift', '--json']);
  expect(answer).toMatchObject({ code: exit, stderr: '' });
  return drift.parse(JSON.parse(answer.stdout));
}

/** One story on one cluster. */
describe('drift on real hosts', () => {
  it('is all that a bare host has not', async () => {
    const kinds = (await found(2)).drifts.filter(({ node }) => node === 'redis-02').map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['directory', 'file', 'drop-in', 'unit']));
  });

  it('is none after an apply', async () => {
    await program.applies();
    expect(await found(0)).toEqual({ cluster: 'redis', revision: 'working tree', drifts: [], unread: [] });
  });

  it('is exactly what was changed by hand: the running Redis, the drop-in, the file, the unit', async () => {
    await redisCli('redis-02', 'CONFIG', 'SET', 'maxmemory', '100mb');
    await on('redis-02', `printf '[Service]\\nReadWritePaths=/data\\n' > ${DROP_IN}`);
    await on('redis-03', 'echo "timeout 77" >> /etc/redis/redis.conf; systemctl disable -q redis-server');
    const { drifts, unread } = await found(2);
    expect(unread).toEqual([]);
    expect(
      drifts.map(({ node, kind, subject, git, actual }) => [node, kind, subject, git, actual].join(' | ')),
    ).toEqual([
      expect.stringMatching(/^redis-02 \| drop-in \| ExecStartPre \| .*10\.0\.0\.124.* \| not set$/),
      'redis-02 | drop-in | ReadWritePaths | /data/redis | /data',
      'redis-02 | unit | redis-server.service files | loaded | changed on disk since systemd loaded them',
      'redis-02 | running | maxmemory | 256mb | 104857600',
      'redis-03 | file | timeout | not set | 77',
      'redis-03 | unit | redis-server.service at boot | enabled | disabled',
    ]);
    const told = await program.run(['drift']);
    expect(told).toMatchObject({ code: 2, stderr: '' });
    expect(told.stdout).toContain('100 MiB (104857600)');
  });

  it('is gone after an apply', async () => {
    await program.applies();
    expect((await found(0)).drifts).toEqual([]);
  });

  it('is a master that Git does not nominate, which an apply follows', async () => {
    const files = Object.entries(repositoryFor(ASKED)).map(([path, text]) => [
      path,
      text
        .replace('redis_master_host: redis-01', 'redis_master_host: redis-02')
        .replace('redis_master_ip: "10.0.0.123"', 'redis_master_ip: "10.0.0.124"'),
    ]);
    await program.write(Object.fromEntries(files));
    const { drifts } = await found(2);
    expect(drifts.filter(({ kind }) => kind === 'role')).toEqual([
      { node: 'redis-01', kind: 'role', subject: 'master of the cluster', git: 'redis-02', actual: 'redis-01' },
    ]);
  });

  it('is unknown, not none, of a node that cannot be read', async () => {
    await program.asks(ASKED);
    await on('redis-03', 'systemctl stop ssh');
    try {
      const { drifts, unread } = await found(1);
      expect(drifts).toEqual([]);
      expect(unread).toMatchObject([{ node: 'redis-03' }]);
    } finally {
      await onHost('redis-03', 'systemctl start ssh');
    }
  });
});
