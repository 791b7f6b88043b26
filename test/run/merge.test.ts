import { describe, expect, it } from 'vitest';
import type { CodeHost } from '../../src/ports.ts';
import { enqueueMerge } from '../../src/run/merge.ts';
import { portsOf } from '../commands/ports.ts';

const [BASE, COMMIT] = ['b'.repeat(40), 'c'.repeat(40)];

async function merged(changed: string, times = 1) {
  const ports = portsOf();
  const at = await ports.source(COMMIT);
  const codeHost: Partial<CodeHost> = {
    at: () => at,
    changedPaths: async (base, head) => (base === BASE && head === COMMIT ? [changed] : []),
  };
  const merge = { pullRequest: 12, commit: COMMIT, base: BASE, mergedBy: 'ada' };
  const names = [];
  for (let time = 0; time < times; time += 1)
    names.push(await enqueueMerge(merge, { ...ports, codeHost: codeHost as CodeHost }));
  return { names, ...ports.outside };
}

describe('a merge', () => {
  it('is one run and one job, however often it is told; the run knows what it was merged on', async () => {
    const { names, runs, jobs, audited } = await merged('ansible/group_vars/redis.yml', 3);
    const run = `merge-redis-${'c'.repeat(12)}`;
    expect(names).toEqual([[run], [run], [run]]);
    expect([...runs.values()]).toMatchObject([{ run, revision: COMMIT, base: BASE, status: 'queued' }]);
    expect(jobs).toMatchObject([{ name: 'propose', id: `propose-${run}`, data: { run, revision: COMMIT } }]);
    expect(audited).toHaveLength(1);
  });

  it('that changes no cluster is none', async () => {
    const { names, runs, jobs } = await merged('README.md');
    expect([names, runs.size, jobs]).toEqual([[[]], 0, []]);
  });
});
