import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../lab/until.ts';
import { HOSTS, openBotLab, type BotLab } from './bot-lab.ts';
import { redisCli, underWriter } from './lab-cluster.ts';

const QUICK = ['redis_config:', '  repl-diskless-sync-delay: 0'];
/** Redis takes it, and from then on no write. */
const HARMFUL = [...QUICK, '  min-replicas-to-write: 5'];
const BY_ITSELF = `clusters:
  redis:
    rollback: true
    allow_own_approval: true
`;

describe('rolling back, with the built program', () => {
  let lab: BotLab;

  beforeAll(async () => {
    lab = await openBotLab();
    await lab.merge('Switch replication on', ['redis_maxmemory: 128mb', ...QUICK]);
    await lab.ended(0);
  });

  afterAll(() => lab.close());

  it('restores the previous commit, and says that Git differs', async () => {
    const first = (await lab.ended(0)).record;
    await lab.merge('Give Redis 256 MB', ['redis_maxmemory: 256mb', ...QUICK]);
    await lab.ended(1);
    const figures = await underWriter(async () => {
      expect(await lab.ask('anna', 'rollback')).toContain(`roll back to ${first.revision.slice(0, 12)}`);
      const { record, text } = await lab.ended(2);
      expect(record).toMatchObject({ code: 'DONE', revision: first.revision });
      expect(text).toContain('Git still has the change that was rolled back');
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    for (const host of HOSTS) expect(await redisCli(host, 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n134217728');
    expect(await lab.ask('anna', 'rollback')).toContain('ROLLBACK_NOWHERE');
    expect(await lab.ask('anna', 'drift')).toContain('maxmemory');
  });

  it('is automatic if a merge leaves the cluster unhealthy', async () => {
    const { github } = lab.bot;
    await github.merge(await github.openPullRequest('redisops.yml', BY_ITSELF, 'Roll back by itself'));
    await lab.ended(3);
    await lab.merge('Five replicas', ['redis_maxmemory: 256mb', ...HARMFUL]);
    await approved(5);
    const failed = await lab.ended(4);
    expect(failed.record.code).toBe('VERIFY_FAILED');
    expect(failed.text).toMatch(/Run rollback-merge-redis-\w+ rolls back to \w{12}/);
    expect(failed.comments.join()).toContain('rolls back to');
    await approved(6);
    const back = await lab.ended(5);
    expect(back.record).toMatchObject({ code: 'DONE', origin: { from: 'redisops' }, goal: { kind: 'rollback' } });
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'min-replicas-to-write')).toBe('min-replicas-to-write\n0');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n268435456');
    expect(await lab.ask('anna', 'status')).toMatch(/redis: healthy$/m);
  });

  /** Says yes to the n-th run, if somebody must. */
  async function approved(count: number): Promise<void> {
    const status = await until('a plan or an end', 30, async () => {
      const runs = await lab.store.runs('redis', 20);
      const [newest] = runs;
      return runs.length < count || !newest || UNDER_WAY.includes(newest.status) ? null : newest.status;
    });
    if (status === 'awaiting-approval') await lab.bot.slack.click('ben', 'approval:approve');
  }
});

const UNDER_WAY: readonly string[] = ['queued', 'planning', 'running'];
