import { expect, it } from 'vitest';
import { enqueueChange } from '../../../src/run/branch/enqueue-change.ts';
import { portsOf } from '../../ports.ts';

const [BASE, COMMIT] = ['b'.repeat(40), 'c'.repeat(40)];

it('a merge is one run and one job, however often it is found; the run knows what it was merged on', async () => {
  const ports = portsOf();
  const change = { commit: COMMIT, base: BASE, author: 'ada', pullRequest: { number: 12, mergedBy: 'ada' } };
  const names = [];
  for (let time = 0; time < 3; time += 1) names.push(await enqueueChange('redis', change, ports));
  const run = `merge-redis-${'c'.repeat(12)}`;
  const { runs, jobs, audited } = ports.outside;
  expect(names).toEqual([run, run, run]);
  expect([...runs.values()]).toMatchObject([{ run, revision: COMMIT, base: BASE, status: 'queued' }]);
  expect(jobs).toMatchObject([{ name: 'propose', id: `propose-${run}`, data: { run, cluster: 'redis' } }]);
  expect(audited).toHaveLength(1);
});
