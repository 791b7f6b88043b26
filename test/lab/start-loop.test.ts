import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { until } from '../../lab/until.ts';
import { infoField, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const UNIT = 'redis-server.service';
const FOLDER = '/etc/systemd/system/redis-server.service.d';
const LOOP =
  /redis-server\.service fails at every start: systemd restarted it (once|\d+ times)\. FATAL CONFIG FILE ERROR/;

const judged = z.looseObject({
  reasons: z.array(z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() })),
  nodes: z.array(
    z.looseObject({
      name: z.string(),
      server: z.strictObject({ flavour: z.string(), version: z.string() }).nullable(),
      unit: z.string().nullable(),
      configFile: z.string().nullable(),
    }),
  ),
});
const diagnosed = z.looseObject({
  findings: z.array(
    z.looseObject({
      id: z.string(),
      node: z.string(),
      nodes: z.array(z.string()),
      since: z.string().nullable(),
      cause: z.string(),
    }),
  ),
});

describe('replicas whose units start over and over', () => {
  let program: Program;
  let brokenAt: number;

  beforeAll(async () => {
    program = await openHealthyCluster();
    await replicasOnline('redis-01', 2);
    brokenAt = Date.now();
    for (const host of ['redis-02', 'redis-03']) {
      const dropIn =
        '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestart=always\\nRestartSec=300ms\\nExecStartPre=+/bin/sleep 0.3\\n';
      await on(host, `printf '${dropIn}' >${FOLDER}/50-person.conf; systemctl daemon-reload`);
      await on(host, `echo 'no-such-directive 1' >>/etc/redis/redis.conf; systemctl restart ${UNIT} || true`);
      // Past the first start, both moments of the loop are the loop.
      await until(`${host} starts over`, 30, async () =>
        Number(await on(host, `systemctl show ${UNIT} -p NRestarts --value`)) > 0 ? true : null,
      );
    }
  }, 120_000);

  afterAll(async () => {
    for (const host of ['redis-02', 'redis-03'])
      await on(host, `systemctl stop ${UNIT}; rm -f ${FOLDER}/50-person.conf`);
    await program.close();
    await resetHosts();
  });

  it('are the same to every look, whichever moment it meets', async () => {
    for (let look = 0; look < 6; look += 1) {
      const { reasons } = judged.parse(JSON.parse((await program.run(['status', '--json'])).stdout));
      const said = reasons.filter(({ node }) => node !== null && node !== 'redis-01');
      expect(said.map(({ code, node }) => `${code} ${node}`)).toEqual([
        'SERVICE_NOT_ACTIVE redis-02',
        'SERVICE_NOT_ACTIVE redis-03',
      ]);
      for (const { message } of said) expect(message).toMatch(LOOP);
    }
  });

  it('are one finding with both nodes, and since when', async () => {
    const { findings } = diagnosed.parse(JSON.parse((await program.run(['doctor', '--json'])).stdout));
    const loops = findings.filter(({ id }) => id === 'SERVICE_NOT_ACTIVE');
    expect(loops.map(({ node, nodes }) => [node, nodes])).toEqual([
      ['redis-02', ['redis-02', 'redis-03']],
      ['redis-03', ['redis-02', 'redis-03']],
    ]);
    for (const { cause, since } of loops) {
      expect(cause).toMatch(LOOP);
      expect(Math.abs(Date.parse(since ?? '') - brokenAt)).toBeLessThan(60_000);
    }
    const { stdout } = await program.run(['doctor']);
    expect(stdout).toContain('redis-02 and redis-03: SERVICE_NOT_ACTIVE');
  });

  it('leave what is known of the others in place', async () => {
    const { nodes } = judged.parse(JSON.parse((await program.run(['status', '--json'])).stdout));
    const version = await infoField('redis-01', 'redis_version');
    const [master, replica] = nodes;
    expect(master).toMatchObject({
      server: { flavour: 'redis', version },
      unit: UNIT,
      configFile: '/etc/redis/redis.conf',
    });
    expect(replica).toMatchObject({ server: null, unit: UNIT, configFile: '/etc/redis/redis.conf' });
  });
});
