import { describe, expect, it } from 'vitest';
import { answerTyped } from './typed.ts';
import { answerClick } from '../../src/chat/answer-click.ts';
import type { Click } from '../../src/domain/chat/click.ts';
import { oneCluster } from '../../lab/two-clusters.ts';
import { clusterDirectory } from '../../src/run/repositories/cluster-directory.ts';
import { approval, record } from '../report/fixtures.ts';
import { CHANNEL, portsOf, sourceOf } from '../ports.ts';

/** A bot of acme/shop, with `shop`, and acme/web, with `cache`, with different permissions. */
async function bot() {
  // Before the repository is known, none may be read.
  const memory = portsOf({ ports: { source: () => Promise.reject(new Error('of no repository')) } });
  const repositoryOf = (name: string, cluster: 'shop' | 'cache', people: string) => {
    const files = oneCluster(cluster, { password: 'canary', variables: [] });
    const rules = `${files['redisops.yml']}    requesters: [${people}]\n    approvers: [${people}]\n`;
    const source = sourceOf({ ...files, 'redisops.yml': rules }, name);
    return { name, gitHub: null, source: async () => source };
  };
  const { store, log } = memory;
  const repositories = clusterDirectory(
    [repositoryOf('acme/shop', 'shop', 'U0ANNA'), repositoryOf('acme/web', 'cache', 'U0BEN')],
    { store, log },
  );
  await repositories.begin();
  const ports = { ...memory, repositories };
  const type = (text: string, user: string) =>
    answerTyped({ id: text, text, user, channel: CHANNEL }, ports).then(({ summary, title, footer }) => ({
      text: `${title} ${summary}`,
      code: footer?.[0]?.split(':')[0],
    }));
  return { ports, outside: memory.outside, type };
}

describe('a bot of two repositories', () => {
  it('accepts commands by the cluster’s name alone, under its repository’s rules', async () => {
    const { type, outside } = await bot();
    expect((await type('apply --cluster cache', 'U0BEN')).text).toContain('Queued');
    expect((await type('apply in shop', 'U0BEN')).code).toBe('NOT_ALLOWED');
    expect((await type('lock disks in shop', 'U0ANNA')).code).toBe(undefined);
    expect([...outside.locks.keys()]).toEqual(['shop']);
    expect(outside.jobs.map(({ data }) => data.cluster)).toEqual(['cache']);
  });

  it('lists the clusters if none was named or found; an attempted change is audited', async () => {
    const { type, outside } = await bot();
    for (const text of ['status', 'apply', 'set maxmemory 1gb'])
      expect(await type(text, 'U0BEN')).toMatchObject({ code: 'USAGE', text: /shop, cache/ });
    expect(await type('lock disks in cahe', 'U0BEN')).toMatchObject({
      code: 'UNKNOWN_CLUSTER',
      text: /Did you mean cache/,
    });
    expect((await type('help', 'U0BEN')).code).toBe(undefined);
    expect(outside.audited.map(({ what, outcome }) => [what, outcome])).toEqual([
      ['apply', 'USAGE'],
      ['set', 'USAGE'],
      ['lock', 'UNKNOWN_CLUSTER'],
    ]);
  });

  it('shows the history of all that the person may read, or of one', async () => {
    const { type, ports } = await bot();
    for (const cluster of ['shop', 'cache'])
      await ports.store.createRun(record({ run: `r-${cluster}`, cluster }), 'apply');
    expect((await type('history', 'U0BEN')).text).toContain('2 runs');
    expect((await type('history cache', 'U0BEN')).text).toContain('1 run,');
  });

  it('accepts clicks under the rules of the cluster’s repository', async () => {
    const { ports, outside } = await bot();
    const by = { id: 'c', name: 'anna', channel: CHANNEL, message: { channel: CHANNEL, timestamp: '1' } };
    const run = record({
      run: 'r-1',
      cluster: 'cache',
      status: 'awaiting-approval',
      origin: { from: 'slack', actor: 'U1' },
    });
    await ports.store.createRun(run, 'apply');
    const request = approval({ id: 'r-1', run: 'r-1', cluster: 'cache', requester: run.origin });
    await ports.store.openApproval(request);
    const approve = { kind: 'approval', approval: 'r-1', digest: request.plan.digest, decision: 'approved' } as const;
    const clicks: readonly Click[] = [
      approve,
      { kind: 'stop', run: 'r-1' },
      { kind: 'drift', cluster: 'cache', fingerprint: 'f', offer: 'ignore-day' },
    ];
    for (const click of clicks)
      expect((await answerClick({ ...by, user: 'U0ANNA', click }, ports))?.footer?.[0]).toContain('NOT_ALLOWED');
    expect(await answerClick({ ...by, user: 'U0BEN', click: approve }, ports)).toBeNull();
    expect(outside.jobs).toMatchObject([{ name: 'execute', data: { cluster: 'cache' } }]);
  });
});
