import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisCli, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const blocked = z.looseObject({ blockers: z.array(z.object({ code: z.string(), message: z.string() })) });
const run = z.looseObject({ outcome: z.string(), code: z.string() });
const doctor = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), remedy: z.string(), fix: z.string().nullable() })),
});

/** A master without persistence died: only its replicas have the data. */
describe('a failed master whose replicas hold the only data', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
    await redisCli('redis-01', 'EVAL', "for i = 1, 500 do redis.call('SET', i, i) end", '0');
    await replicasOnline('redis-01', 2);
  });

  afterAll(() => program.close());

  async function masterFails(host: string): Promise<void> {
    await on(host, 'mkdir -p /run/systemd/system/redis-server.service.d');
    await on(host, "printf '[Service]\\nRestart=no\\n' >/run/systemd/system/redis-server.service.d/zz.conf");
    await on(host, 'systemctl daemon-reload && systemctl kill --signal=KILL redis-server');
    await expect.poll(() => on(host, 'systemctl is-active redis-server || true')).toBe('failed');
    await on(host, 'rm -r /run/systemd/system/redis-server.service.d && systemctl daemon-reload');
  }

  it('is not started by anything, nor does anything advise it', async () => {
    await masterFails('redis-01');
    const { blockers } = await program.json(blocked, 'plan');
    expect(blockers).toContainEqual({
      code: 'MASTER_DOWN',
      message: expect.stringMatching(
        /^redis-01 is the master and does not run\. redis-02: 500 keys, .*\. redis-03: 500 keys, /,
      ),
    });
    for (const verb of [['apply'], ['resync', 'redis-02']])
      expect(await program.json(run, ...verb, '--yes')).toMatchObject({ outcome: 'refused' });
    const { findings } = await program.json(doctor, 'doctor');
    expect(findings.filter(({ fix }) => fix !== null)).toEqual([]);
    expect(findings.map(({ remedy }) => remedy).join('\n')).not.toMatch(/(?<!not )\bstarts? (?:it|the unit|redis-01)/i);
    expect(await redisCli('redis-02', 'DBSIZE')).toBe('500');
    expect(await on('redis-01', 'systemctl is-active redis-server || true')).toBe('failed');
  });

  it('is replaced as the hint says, with all keys', async () => {
    await redisCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
    await program.applies();
    for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await redisCli(host, 'DBSIZE')).toBe('500');
  });

  it('is named with what its replicas hold where Git nominates another node, too', async () => {
    await replicasOnline('redis-02', 2);
    await masterFails('redis-02');
    const { blockers } = await program.json(blocked, 'plan');
    expect(blockers).toContainEqual({
      code: 'MASTER_DOWN',
      message: expect.stringMatching(
        /^redis-02 is the master and does not run\. redis-01: 500 keys, .*\. redis-03: 500 keys, /,
      ),
    });
    expect(await program.json(run, 'apply', '--yes')).toMatchObject({ outcome: 'refused' });
    await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
    await program.applies();
    for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await redisCli(host, 'DBSIZE')).toBe('500');
  });
});
