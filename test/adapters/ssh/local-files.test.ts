import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSshFiles } from '../../../src/adapters/ssh/local-files.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-ssh-'));
  for (const [name, passphrase] of [
    ['key', ''],
    ['locked', 'secret'],
  ])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase ?? '', '-f', at(name ?? '')]);
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: cipher,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(at('locked.pem'), privateKey);
  await writeFile(at('known_hosts'), '10.0.0.1 ssh-ed25519 AAAA\n');
  await writeFile(at('empty'), '\n# nothing\n');
});

afterAll(() => rm(folder, { recursive: true }));

function at(name: string): string {
  return join(folder, name);
}

async function mistakeOf(files: { key?: string; hosts?: string }) {
  const { key = 'key', hosts = 'known_hosts' } = files;
  const settings = { user: 'ops', privateKeyFile: at(key), knownHostsFile: at(hosts) };
  const error = await checkSshFiles(settings).then(() => null, asRedisopsError);
  return (
    error && {
      code: error.code,
      message: error.message.replaceAll(folder, '~'),
      hint: error.hint.replaceAll(folder, '~'),
    }
  );
}

describe('the files that every connection needs', () => {
  it('are right', async () => expect(await mistakeOf({})).toBeNull());

  it.each([
    [
      { key: 'nowhere' },
      'SSH_PRIVATE_KEY_FILE: ~/nowhere does not exist.',
      "`ssh-keygen -t ed25519 -N '' -f ~/nowhere`) and add ~/nowhere.pub to the authorized_keys of ops",
    ],
    [
      { key: 'locked' },
      'SSH_PRIVATE_KEY_FILE: ~/locked has a passphrase.',
      "`ssh-keygen -p -N '' -f ~/locked` removes it",
    ],
    [{ key: 'locked.pem' }, 'SSH_PRIVATE_KEY_FILE: ~/locked.pem has a passphrase.', 'removes it'],
    [{ key: 'key.pub' }, 'SSH_PRIVATE_KEY_FILE: ~/key.pub is a public key.', 'to the private key, ~/key.'],
    [{ key: '' }, 'SSH_PRIVATE_KEY_FILE: ~ is a directory.', 'Set SSH_PRIVATE_KEY_FILE to a file'],
    [
      { key: 'empty' },
      'SSH_PRIVATE_KEY_FILE: ~/empty is not a usable private key: Unsupported key format',
      'OpenSSH or PEM',
    ],
    [{ hosts: 'nowhere' }, 'SSH_KNOWN_HOSTS_FILE: ~/nowhere does not exist.', 'Run `ssh-keyscan ADDRESS >> ~/nowhere`'],
    [{ hosts: 'empty' }, 'SSH_KNOWN_HOSTS_FILE: ~/empty holds no host key.', 'Run `ssh-keyscan ADDRESS >> ~/empty`'],
  ])('%j', async (files, message, hint) => {
    const found = await mistakeOf(files);
    expect(found).toMatchObject({ code: 'SETTINGS_INVALID', message });
    expect(found?.hint).toContain(hint);
  });

  it('are both named where both are wrong', async () => {
    expect(await mistakeOf({ key: 'locked', hosts: 'nowhere' })).toMatchObject({
      message: expect.stringMatching(
        /^SSH_PRIVATE_KEY_FILE: ~\/locked has a passphrase\. .*ssh-keygen -p.*\nSSH_KNOWN_HOSTS_FILE: ~\/nowhere does not exist\.$/,
      ) as string,
      hint: expect.stringContaining('ssh-keyscan') as string,
    });
  });
});
