import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleRepository, GROUP_VARIABLES } from '../lab/example-repository.ts';
import { writeFiles } from '../lab/write-files.ts';

/** A configuration repository on disk: all contenders read its inventory and variables. */
export interface Repository {
  path: string;
  inventory: string;
  variables: string;
  password: string;
  /** Rewrites the variables: replication on, plus these lines. */
  ask(lines: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

export async function makeRepository(password: string): Promise<Repository> {
  const path = await mkdtemp(join(tmpdir(), 'redisops-bench-'));
  const ask = async (variables: readonly string[]): Promise<void> => {
    const files = exampleRepository({ password, replication: true, variables });
    await writeFiles(path, files);
  };
  await ask([]);
  return {
    path,
    inventory: join(path, 'ansible/inventory/hosts.yml'),
    variables: join(path, GROUP_VARIABLES),
    password,
    ask,
    remove: () => rm(path, { recursive: true }),
  };
}
