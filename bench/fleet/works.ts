import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { check } from '../../src/cli/check.ts';
import {
  readDesired,
  touchesCluster,
  clustersOf,
  readDirectPushes,
  readDriftWatch,
} from '../../src/desired/questions.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { ConfigSource } from '../../src/ports/git.ts';
import { recentRevisions } from '../../src/run/repositories/recent-revisions.ts';
import { fleetRepository, VAULT_PASSWORD } from './repository.ts';

export const WORKS = ['check', 'look'] as const;
export type Work = (typeof WORKS)[number];

const vaultPassword = new Secret(VAULT_PASSWORD);

/** Prepares the work on a generated repository; the returned function does it once. */
export function prepared(work: Work, clusters: number): Promise<() => Promise<void>> {
  switch (work) {
    case 'check':
      return preparedCheck(clusters);
    case 'look':
      return preparedLook(clusters);
  }
}

/** `redisops check` of a checkout on disk. */
async function preparedCheck(clusters: number): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-fleet-'));
  for (const [path, text] of Object.entries(fleetRepository(clusters))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return async () => {
    const context = { repo: folder, cluster: undefined, source: checkout(folder), vaultPassword };
    const { exit } = await check(context, { format: 'text' });
    await rm(folder, { recursive: true });
    if (exit !== 0) throw new Error(`check ended with ${exit}`);
  };
}

const COMMIT = 'c'.repeat(40);

/**
 * The bot’s reading of a commit that touches every cluster: which clusters these are, and each one’s desired state.
 * GitHub answers at once.
 */
async function preparedLook(clusters: number): Promise<() => Promise<void>> {
  const files = fleetRepository(clusters);
  const commits = recentRevisions(() => sourceOf(files));
  const at = (): ConfigSource => commits(COMMIT);
  return async () => {
    const named = await clustersOf(at());
    if (named.length !== clusters) throw new Error(`${named.length} clusters are named`);
    for (const cluster of named) {
      if (!(await touchesCluster(at(), cluster, ['ansible/group_vars/all.yml'])))
        throw new Error(`${cluster} is not touched`);
      await readDirectPushes(at(), cluster);
    }
    for (const cluster of named) {
      await readDriftWatch(at(), cluster);
      await readDesired(at(), { cluster, vaultPassword });
    }
  };
}

function sourceOf(files: Readonly<Record<string, string>>): ConfigSource {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    for (const [depth, part] of parts.entries()) {
      const folder = parts.slice(0, depth).join('/');
      const name = depth === parts.length - 1 ? part : `${part}/`;
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
    }
  }
  return {
    revision: COMMIT,
    read: (path) => Promise.resolve(files[path] ?? null),
    list: (folder) => Promise.resolve([...(folders.get(folder) ?? [])]),
  };
}
