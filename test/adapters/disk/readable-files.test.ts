import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableFiles } from '../../../src/adapters/disk/readable-files.ts';

let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'redisops-files-'))));
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(mode: number): Promise<string> {
  const path = join(folder, mode.toString(8));
  await writeFile(path, 'secret');
  await chmod(path, mode);
  return path;
}

describe('readableFiles', () => {
  it.each([0o644, 0o640, 0o604, 0o660, 0o620])('names a key of mode %i that others reach', async (mode) => {
    const file = await fileOf(mode);
    expect(await readableFiles({ SSH_PRIVATE_KEY_FILE: file, GITHUB_PRIVATE_KEY_FILE: file })).toEqual(
      ['SSH_PRIVATE_KEY_FILE', 'GITHUB_PRIVATE_KEY_FILE'].map((setting) =>
        expect.stringMatching(new RegExp(`^${setting}: other users can read .*chmod 600`)),
      ),
    );
  });

  it.each([0o600, 0o400, 0o700])('says nothing of mode %i', async (mode) => {
    expect(await readableFiles({ SSH_PRIVATE_KEY_FILE: await fileOf(mode) })).toEqual([]);
  });

  it('looks at the vault password, but not at a script that prints it', async () => {
    expect(await readableFiles({ ANSIBLE_VAULT_PASSWORD_FILE: await fileOf(0o644) })).toHaveLength(1);
    expect(await readableFiles({ ANSIBLE_VAULT_PASSWORD_FILE: await fileOf(0o755) })).toEqual([]);
  });

  it('leaves a missing file to whoever reads it', async () => {
    expect(await readableFiles({ SSH_PRIVATE_KEY_FILE: join(folder, 'none') })).toEqual([]);
  });
});
