import { describe, expect, it } from 'vitest';
import { run } from '../../jobs/execute.ts';
import { fakeGitHub, portsOf } from '../ports.ts';
import { approval, plan, record } from '../report/fixtures.ts';
import type { Commits, ConfigSource } from '../../src/ports/git.ts';

const REVISION = 'a'.repeat(40);

async function approved(given: { ancestor: boolean; decision?: 'approved' | 'denied' }) {
  const read: string[] = [];
  const source = async (revision: string | null): Promise<ConfigSource> => ({
    revision: revision ?? 'b'.repeat(40),
    read: async (path) => (read.push(`${revision} ${path}`), null),
    list: async () => [],
  });
  const commits: Partial<Commits> = {
    isAncestor: async () => given.ancestor,
    changedPaths: async () => ['README.md'],
  };
  const ports = portsOf({
    ports: { gitHub: fakeGitHub({ commits }), source },
    store: { decisionOn: async () => ({ by: 'U1', decision: given.decision ?? 'approved', at: '' }) },
  });
  const waiting = record({ run: 'r-1', status: 'awaiting-approval', revision: REVISION, finishedAt: null });
  ports.outside.runs.set('r-1', waiting);
  await ports.store.openApproval(approval({ id: 'r-1', run: 'r-1', plan: plan({ revision: REVISION }) }));
  await run({ run: 'r-1', cluster: 'redis' }, ports);
  return { ...ports.outside, read };
}

describe('an approved plan', () => {
  it('of a commit that was taken off the branch meanwhile is refused', async () => {
    const { finished, said } = await approved({ ancestor: false });
    expect(finished).toMatchObject([{ run: 'r-1', outcome: 'refused', code: 'SUPERSEDED' }]);
    expect(said.map(({ how }) => how)).toContain('reply');
  });

  it('for a commit of the branch is executed from that commit', async () => {
    const { finished, read } = await approved({ ancestor: true });
    expect(finished).toMatchObject([{ code: 'CONFIG_MISSING' }]);
    expect(read).toContain(`${REVISION} redisops.yml`);
  });

  it('that was denied is not', async () => {
    const { finished, said } = await approved({ ancestor: true, decision: 'denied' });
    expect([finished, said]).toEqual([[], []]);
  });
});
