import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import ssh2 from 'ssh2';
import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import { parseKnownHosts, type KnownHost } from './known-hosts.ts';

/** Local files needed by every connection. */
export interface SshFiles {
  user: string;
  privateKeyFile: string;
  knownHostsFile: string;
}

/**
 * Reports local mistakes once, before any node is contacted: otherwise every node would look unreachable.
 * @throws SETTINGS_INVALID
 */
export async function checkSshFiles({ user, privateKeyFile, knownHostsFile }: SshFiles): Promise<void> {
  const read = await Promise.allSettled([readPrivateKey(privateKeyFile, user), readFilledKnownHosts(knownHostsFile)]);
  const mistakes = read.flatMap((each) => (each.status === 'rejected' ? [asRedisopsError(each.reason)] : []));
  const [first, second] = mistakes;
  if (!first) return;
  if (!second) throw first;
  const message = `${first.message} ${first.hint}\n${second.message}`;
  throw new RedisopsError('SETTINGS_INVALID', message, { hint: second.hint });
}

/** @throws SETTINGS_INVALID unless it is a private key without a passphrase. */
export async function readPrivateKey(file: string, user: string): Promise<Buffer> {
  const install = `add ${file}.pub to the authorized_keys of ${user} on each node`;
  const text = await readSetting(file, 'SSH_PRIVATE_KEY_FILE', {
    ENOENT: `Create a key (\`ssh-keygen -t ed25519 -N '' -f ${file}\`) and ${install}. Or set SSH_PRIVATE_KEY_FILE to the key that you use.`,
    EACCES: `Run \`sudo chown ${userInfo().username} ${file} && sudo chmod 600 ${file}\`. Or set SSH_PRIVATE_KEY_FILE to another key.`,
  });
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw keyError(file, parsed.message, /ENCRYPTED/.test(text.toString('latin1')));
  if ([parsed].flat().some((key) => key.isPrivateKey())) return text;
  throw new RedisopsError('SETTINGS_INVALID', `SSH_PRIVATE_KEY_FILE: ${file} is a public key.`, {
    hint: `Set SSH_PRIVATE_KEY_FILE to the private key${file.endsWith('.pub') ? `, ${file.slice(0, -'.pub'.length)}` : ''}.`,
  });
}

/** @throws SETTINGS_INVALID if unreadable. */
export async function readKnownHosts(file: string): Promise<readonly KnownHost[]> {
  const text = await readSetting(file, 'SSH_KNOWN_HOSTS_FILE', {
    ENOENT: `${filling(file)} Or set SSH_KNOWN_HOSTS_FILE to the file that you use.`,
    EACCES: `Run \`sudo chown ${userInfo().username} ${file}\`. Or set SSH_KNOWN_HOSTS_FILE to another file.`,
  });
  return parseKnownHosts(text.toString('utf8'));
}

/** How to add a host’s key without trusting the network. */
export function filling(file: string, address = 'ADDRESS', port = 22): string {
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${address} >> ${file}`;
  return `Run \`${scan}\`${address === 'ADDRESS' ? ' for each node' : ''}, then compare the fingerprints: \`ssh-keygen -lf ${file}\` here, \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on the node.`;
}

async function readFilledKnownHosts(file: string): Promise<void> {
  if ((await readKnownHosts(file)).length > 0) return;
  throw new RedisopsError('SETTINGS_INVALID', `SSH_KNOWN_HOSTS_FILE: ${file} holds no host key.`, {
    hint: filling(file),
  });
}

/** ssh2 detects a passphrase only in OpenSSH’s own format. */
function keyError(file: string, reason: string, isEncrypted: boolean): RedisopsError {
  if (isEncrypted || /encrypted/i.test(reason))
    return new RedisopsError('SETTINGS_INVALID', `SSH_PRIVATE_KEY_FILE: ${file} has a passphrase.`, {
      hint: `redisops needs a key without one: \`ssh-keygen -p -N '' -f ${file}\` removes it. Or use a key of its own.`,
    });
  return new RedisopsError('SETTINGS_INVALID', `SSH_PRIVATE_KEY_FILE: ${file} is not a usable private key: ${reason}`, {
    hint: 'redisops needs a private key without a passphrase, in OpenSSH or PEM format.',
  });
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
      return `is not readable by the user ${userInfo().username}`;
    case 'EISDIR':
      return 'is a directory';
    default:
      return `cannot be read (${code})`;
  }
}

async function readSetting(file: string, setting: string, hints: Readonly<Record<string, string>>): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new RedisopsError('SETTINGS_INVALID', `${setting}: ${file} ${reasonOf(code)}.`, {
      cause,
      hint: hints[code] ?? `Set ${setting} to a file that redisops can read.`,
    });
  }
}
