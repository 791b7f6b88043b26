import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVaultPassword } from '../../../src/adapters/disk/vault-password.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-vault-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string, mode: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe('readVaultPassword', () => {
  it.each([
    ['plain', ' a word \n\n', 0o600, 'a word'],
    ['script', '#!/bin/sh\nprintf " kept \\n"\n', 0o700, ' kept '],
    ['asked-client.sh', '#!/bin/sh\nprintf %s "$1=$2"\n', 0o700, '--vault-id=default'],
    ['asked.sh', '#!/bin/sh\nprintf %s "$#"\n', 0o700, '0'],
    ['waits', '#!/bin/sh\ncat; printf x\n', 0o700, 'x'],
  ])('%s', async (name, text, mode, password) => {
    expect((await readVaultPassword(await file(name, text, mode))).reveal()).toBe(password);
  });

  it.each([
    ['empty', '\n', 0o600, /gives no password/],
    ['fails', '#!/bin/sh\necho hunter2 >&2; exit 1\n', 0o700, /is executable, but failed/],
    ['silent', '#!/bin/sh\ntrue\n', 0o700, /gives no password/],
  ])('refuses: %s', async (name, text, mode, message) => {
    const reading = readVaultPassword(await file(name, text, mode));
    await expect(reading).rejects.toMatchObject({ code: 'SETTINGS_INVALID', message: expect.stringMatching(message) });
    await expect(reading).rejects.not.toMatchObject({ message: expect.stringMatching('hunter2') });
  });

  it('refuses a file that is not there', async () => {
    await expect(readVaultPassword(join(folder, 'none'))).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  });
});
