import { expect, it } from 'vitest';
import { clustersToServe } from '../../../src/run/repositories/open-clusters.ts';
import { clusterDirectory } from '../../../src/run/repositories/cluster-directory.ts';
import { portsOf, sourceOf } from '../../ports.ts';
import { record } from '../../report/fixtures.ts';

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
  return clustersToServe(repositories, { store, log: outside.log });
}

it('serves clusters in Git, and removed ones while a run is open', async () => {
  const had = { redis: 'acme/infra', cache: 'Acme/Infra', shop: 'acme/infra' };
  expect(await served(had, [])).toEqual(['redis']);
  expect(await served(had, ['redis', 'cache'])).toEqual(['redis', 'cache']);
});

it('leaves clusters alone that other repositories have', async () => {
  expect(await served({ foreign: 'acme/other' }, ['foreign'])).toEqual(['redis']);
});

it('leaves a cluster alone that only another process knows yet', async () => {
  const { store, outside } = portsOf();
  const at = (name: string, cluster: string) => ({
    name,
    gitHub: null,
    source: async () => sourceOf({ 'redisops.yml': `clusters: { ${cluster}: {} }` }),
  });
  const directory = clusterDirectory([at('acme/a', 'a'), at('acme/b', 'b')], { store, log: outside.log });
  await directory.begin();
  outside.owners.set('new', 'acme/a');
  await store.createRun(record({ run: 'r-new', cluster: 'new', status: 'queued', finishedAt: null }), 'apply');
  expect(await clustersToServe(directory, { store, log: outside.log })).toEqual(['a', 'b']);
});

it('skips a cluster with unreadable runs, and logs it', async () => {
  const runs = () => Promise.reject(new Error('another version’s'));
  const { store, repositories, outside } = portsOf({ store: { runs } });
  await repositories.begin();
  outside.owners.set('old', 'acme/infra');
  expect(await clustersToServe(repositories, { store, log: outside.log })).toEqual(['redis']);
  expect(outside.log.lines).toMatchObject([{ level: 'warn', fields: { cluster: 'old' } }]);
});
