import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../../src/adapters/disk/checkout.ts';
import { readVaultPassword } from '../../../src/adapters/disk/vault-password.ts';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { openVault } from '../../../src/desired/yaml/vault.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { confOf, problemsOf, REPLICATED, THREE_HOSTS } from '../repository.ts';
import { ANSIBLE, run } from './real-ansible.ts';
import { writeFiles } from '../../../lab/write-files.ts';

const PASSWORD = 'vault päss';
/** Stored vaulted files, and their plain texts. */
const TEXTS: Readonly<Record<string, string>> = {
  'plain.yml': 'redis_password: from-a-vault\n',
  'empty.yml': '---\n',
  'unicode.yml': 'motto: "Grüße 日本 😀"\n',
  'long.yml': `${Array.from({ length: 500 }, (_, index) => `key_${index}: value ${index}`).join('\n')}\n`,
  'block.yml': 'text: |\n  one\n  two\n',
  'sixteen.yml': 'abc: 0123456789\n',
  'crlf.yml': 'a: 1\r\nb: 2\r\n',
  'no-newline.yml': 'a: b',
  'spaces.yml': '   \n\n a: b\n\n\n',
  'binary-like.yml': 'a: "\\x00\\xff"\n',
};
const KEPT = join(import.meta.dirname, 'vaults');

let folder = '';
let passwordFile = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-vaults-'));
  passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${PASSWORD}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

function vault(...parameters: readonly string[]): string {
  const { ok, output } = run('ansible-vault', parameters, { cwd: folder });
  if (!ok) throw new Error(output);
  return output;
}

describe('vaults that ansible-vault made, kept', () => {
  it.each(Object.keys(TEXTS).flatMap((name) => [name, `labelled-${name}`]))('%s', async (name) => {
    const kept = await readFile(join(KEPT, name), 'utf8');
    expect(kept).toMatch(
      name.startsWith('labelled-') ? /^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/ : /^\$ANSIBLE_VAULT;1\.1;AES256\n/,
    );
    expect(openVault(kept, new Secret(PASSWORD))).toEqual({ ok: true, value: TEXTS[name.replace('labelled-', '')] });
  });
});

describe.skipIf(ANSIBLE === null)('vaults of the installed ansible-vault', { timeout: 120_000 }, () => {
  it('are opened: whole files, 1.1 and 1.2', async () => {
    for (const [name, text] of Object.entries(TEXTS)) {
      await writeFile(join(folder, name), text);
      await writeFile(join(folder, `labelled-${name}`), text);
    }
    const names = Object.keys(TEXTS);
    vault('encrypt', '--vault-password-file', passwordFile, ...names);
    vault('encrypt', '--vault-id', `prod@${passwordFile}`, ...names.map((name) => `labelled-${name}`));
    for (const [name, text] of Object.entries(TEXTS))
      for (const each of [name, `labelled-${name}`])
        expect(openVault(await readFile(join(folder, each), 'utf8'), new Secret(PASSWORD))).toEqual({
          ok: true,
          value: text,
        });
  });

  it('are read as variables: a file, a folder in a folder, inline, with the password from a script', async () => {
    const script = join(folder, 'print-password');
    await writeFile(script, `#!/bin/sh\nprintf '%s\\n' '${PASSWORD}'\n`);
    await chmod(script, 0o700);
    const inline = vault('encrypt_string', '--vault-password-file', script, '--name', 'inline_secret', 's3cr3t-inline');
    const files: Readonly<Record<string, string>> = {
      'ansible/inventory/hosts.yml': THREE_HOSTS,
      'ansible/group_vars/redis/main.yml': `${REPLICATED}redis_password: "{{ vault_redis_password }}"\n${inline}`,
      'ansible/group_vars/redis/secrets/vault.yml': 'vault_redis_password: wh0le-file\nredis_maxmemory: 1gb\n',
      'ansible/host_vars/redis-02.yml': 'redis_maxmemory: 2gb\n',
    };
    const root = join(folder, 'repository');
    await writeFiles(root, files);
    const secret = ['ansible/group_vars/redis/secrets/vault.yml', 'ansible/host_vars/redis-02.yml'].map((path) =>
      join(root, path),
    );
    vault('encrypt', '--vault-password-file', script, secret[0] ?? '');
    vault('encrypt', '--vault-id', `prod@${script}`, secret[1] ?? '');

    const desired = await readDesired(checkout(root), { vaultPassword: await readVaultPassword(script) });
    expect(desired.password?.reveal()).toBe('wh0le-file');
    expect(confOf(desired, 'redis-01')).toContain('maxmemory 1gb');
    expect(confOf(desired, 'redis-02')).toContain('maxmemory 2gb');
    expect(JSON.stringify(desired)).not.toContain('wh0le-file');
    expect((await problemsOf(readDesired(checkout(root), {}))).join('\n')).toMatch(
      /vault\.yml:1:1: is vaulted, and ANSIBLE_VAULT/,
    );
    const wrong = readDesired(checkout(root), { vaultPassword: new Secret('wrong') });
    expect((await problemsOf(wrong)).join('\n')).toMatch(/is vaulted with another password/);
  });
});
