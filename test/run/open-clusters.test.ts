import { expect, it } from 'vitest';
import { clustersToServe } from '../../src/run/open-clusters.ts';
import { portsOf } from '../commands/ports.ts';
import { record } from '../report/fixtures.ts';

/** Git names redis alone; what else there was, and which repository had it, stands in the store. */
async function served(had: Readonly<Record<string, string>>, open: readonly string[]): Promise<readonly string[]> {
  const { store, repositories, outside } = portsOf();
  await repositories.begin();
  for (const [cluster, repository] of Object.entries(had)) {
    outside.owners.set(cluster, repository);
    await store.createRun(record({ run: `old-${cluster}`, cluster }), 'apply');
    if (open.includes(cluster))
      await store.createRun(record({ run: `r-${cluster}`, cluster, status: 'running', finishedAt: null }), 'apply');
  }
  return clustersToServe(repositories, store);
}

it('serves what Git names, and what it names no more as long as a run is open', async () => {
  const had = { redis: 'acme/infra', cache: 'Acme/Infra', shop: 'acme/infra' };
  expect(await served(had, [])).toEqual(['redis']);
  expect(await served(had, ['redis', 'cache'])).toEqual(['redis', 'cache']);
});

it('leaves clusters alone that other repositories have', async () => {
  expect(await served({ foreign: 'acme/other' }, ['foreign'])).toEqual(['redis']);
});
