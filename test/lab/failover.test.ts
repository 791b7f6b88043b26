import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost } from '../../lab/hosts.ts';
import { expectMaster } from './expect-master.ts';
import { infoField, redisCli, underWriter, writeToAll } from './lab-cluster.ts';
import { openHealthyCluster, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const figures = z.looseObject({
  outcome: z.string(),
  code: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  writesHeldBackMs: z.number().nullable(),
  outageMs: z.object({ following: z.number().nullable(), fixed: z.number().nullable() }).nullable(),
  writes: z.object({ acknowledged: z.number(), lost: z.number() }).nullable(),
  plan: z
    .looseObject({ digest: z.string(), blockers: z.array(z.object({ code: z.string(), message: z.string() })) })
    .nullable(),
  candidates: z.array(z.object({ node: z.string(), isCandidate: z.boolean(), reasons: z.array(z.string()) })),
});

/** One cluster, one story. */
describe('a planned failover', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
    await writeToAll({}, 'SET', 'kept', 'yes');
  });

  afterAll(() => program.close());

  async function failover(...argv: readonly string[]) {
    const { code, stdout } = await program.run(['failover', ...argv, '--json']);
    return { exit: code, ...figures.parse(JSON.parse(stdout)) };
  }

  async function answersOf(verb: string): Promise<{ exit: number | null; stdout: string }> {
    const { code, stdout } = await program.run([verb]);
    return { exit: code, stdout };
  }

  it('is shown first: without an approval nothing moves, and every node’s fitness is named', async () => {
    const shown = await failover('redis-02');
    expect(shown).toMatchObject({ exit: 3, code: 'APPROVAL_NEEDED', from: 'redis-01', writes: null });
    expect(shown.candidates.map(({ node, isCandidate }) => [node, isCandidate])).toEqual([
      ['redis-01', false],
      ['redis-02', true],
      ['redis-03', true],
    ]);
    expect((await failover('redis-03', '--yes', '--plan', shown.plan?.digest ?? '')).code).toBe('STALE_PLAN');
    await expectMaster('redis-01');
  });

  it('loses no acknowledged write, and nothing moves the role back', async () => {
    const { plan } = await failover('redis-02');
    let done: Awaited<ReturnType<typeof failover>> | undefined;
    const seen = await underWriter(async () => {
      done = await failover('redis-02', '--yes', '--plan', plan?.digest ?? '');
    });
    expect(done).toMatchObject({ exit: 0, code: 'DONE', from: 'redis-01', to: 'redis-02', outageMs: { fixed: null } });
    expect(done?.writes?.lost).toBe(0);
    expect(done?.writes?.acknowledged).toBeGreaterThan(10);
    expect(done?.writesHeldBackMs).toBeLessThan(1000);
    expect(seen.lost).toBe(0);
    expect(seen.longestGapMs).toBeLessThan(1500);
    await expectMaster('redis-02');
    for (const host of HOSTS) expect(await infoField(host, 'sync_full')).toBe(host === 'redis-01' ? '2' : '0');

    for (const verb of ['status', 'plan', 'verify', 'drift', 'doctor'])
      expect([verb, (await answersOf(verb)).exit]).toEqual([verb, 0]);
    expect((await answersOf('plan')).stdout).toContain('Git nominates redis-01, but redis-02 is the master');
    expect((await program.run(['apply', '--yes', '--json'])).stdout).toContain('NOTHING_TO_DO');
    await expectMaster('redis-02');
  });

  it('stays where it went when a restart moves the role for a while', async () => {
    await program.asks({ directives: { databases: 20 } });
    await program.applies();
    await expectMaster('redis-02');
    expect((await answersOf('drift')).exit).toBe(0);
    expect(await redisCli('redis-02', 'GET', 'kept')).toBe('yes');
  });

  it('changes roles only: what Git changed meanwhile waits for apply', async () => {
    await program.asks({ directives: { databases: 20, maxclients: 4321 } });
    const done = await failover('redis-03', '--yes');
    expect(done).toMatchObject({ exit: 0, from: 'redis-02', to: 'redis-03' });
    await expectMaster('redis-03');
    for (const host of HOSTS)
      expect((await onHost(host, 'grep -c 4321 /etc/redis/redis.conf || true')).stdout.trim()).toBe('0');
    await program.applies();
    await expectMaster('redis-03');
  });

  it('is refused for a node that could not serve, with each reason by name', async () => {
    await redisCli('redis-01', 'CONFIG', 'SET', 'replica-priority', '0');
    await redisCli('redis-02', 'CONFIG', 'SET', 'masteruser', 'nobody');
    await redisCli('redis-02', 'CLIENT', 'KILL', 'TYPE', 'master');
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 30_000 }).toBe('down');
    const named = await failover('redis-01', '--yes');
    expect(named).toMatchObject({ exit: 3, code: 'NO_CANDIDATE', to: null });
    expect(named.plan?.blockers[0]?.message).toMatch(/redis-01 cannot take the master’s role: replica-priority is 0/);
    const best = await failover('--yes');
    expect(best.plan?.blockers[0]?.message).toMatch(/redis-02 has no link to redis-03/);
    await redisCli('redis-02', 'CONFIG', 'SET', 'masteruser', '');
    await expect.poll(() => infoField('redis-02', 'master_link_status'), { timeout: 30_000 }).toBe('up');
    await expect.poll(async () => (await failover()).code, { timeout: 30_000 }).toBe('APPROVAL_NEEDED');
    expect(await failover('--yes')).toMatchObject({ exit: 0, to: 'redis-02' });
    await redisCli('redis-01', 'CONFIG', 'SET', 'replica-priority', '100');
  });
});
