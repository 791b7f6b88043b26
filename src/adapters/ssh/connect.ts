import type { Socket } from 'node:net';
import ssh2, { type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { entriesFor, isTrusted, type KnownHost } from './known-hosts.ts';
import { filling, readKnownHosts, readPrivateKey, type SshFiles } from './local-files.ts';

export interface SshSettings extends SshFiles {
  /** Milliseconds until an unresponsive node is given up; default 5,000. */
  connectTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 5000;
const KEEP_ALIVE_MS = 5000;
const KEEP_ALIVE_MISSES = 3;

/** Key types by their names in negotiation. */
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/**
 * Opens an SSH connection with strict host key checking, over a socket that is connecting or connected; closes it on
 * failure.
 * @throws SSH_UNREACHABLE, SSH_TIMEOUT, SSH_HOST_KEY, SSH_AUTH, or SETTINGS_INVALID for an unusable key file.
 */
export async function openSsh(socket: Socket, node: NodeAddress, settings: SshSettings): Promise<Client> {
  try {
    const privateKey = await readPrivateKey(settings.privateKeyFile, node.sshUser ?? settings.user);
    const entries = await knownKeysOf(node, settings.knownHostsFile);
    return await logIn(socket, node, settings, { privateKey, entries });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function logIn(
  socket: Socket,
  node: NodeAddress,
  settings: SshSettings,
  { privateKey, entries }: { privateKey: Buffer; entries: readonly KnownHost[] },
): Promise<Client> {
  const username = node.sshUser ?? settings.user;
  const verdict = { wrongKey: false };
  const client = clientOver(socket);
  try {
    await ready(client, () => {
      // ssh2 would wait for an error that has already happened.
      if (socket.errored) throw socket.errored;
      client.connect({
        sock: socket,
        username,
        privateKey,
        // Only this method, which saves a round trip for `none`.
        authHandler: ['publickey'],
        readyTimeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        keepaliveInterval: KEEP_ALIVE_MS,
        keepaliveCountMax: KEEP_ALIVE_MISSES,
        hostVerifier: (presented: Buffer) => {
          verdict.wrongKey = !isTrusted(entries, presented);
          return !verdict.wrongKey;
        },
        algorithms: {
          serverHostKey: algorithmsOf(entries),
          kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'],
          cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
        },
      });
    });
  } catch (cause) {
    throw verdict.wrongKey
      ? hostKeyError(node, 'is not the known one')
      : connectError(node, username, settings.privateKeyFile, cause);
  }
  return client;
}

function clientOver(socket: Socket): Client {
  const client = new ssh2.Client();
  // Every running command listens for the end.
  client.setMaxListeners(0);
  // ssh2’s own version leaves a half-closed socket open.
  client.destroy = () => {
    socket.destroy();
    return client;
  };
  return client;
}

function ready(client: Client, connect: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve());
    // Kept for the connection’s life: an unhandled error event would end the program.
    client.on('error', reject);
    client.once('close', () => reject(new Error('the connection was closed')));
    try {
      connect();
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** By address; by inventory name if the file lacks the address, like OpenSSH’s HostKeyAlias. */
async function knownKeysOf(node: NodeAddress, file: string): Promise<readonly KnownHost[]> {
  const known = await readKnownHosts(file);
  const byAddress = entriesFor(known, node.address, node.sshPort);
  const entries = byAddress.length > 0 ? byAddress : entriesFor(known, node.name, node.sshPort);
  if (entries.length === 0) throw unknownHost(node, file);
  return entries;
}

/** Only algorithms with a known key, so that the node offers that key and no other. */
function algorithmsOf(entries: readonly KnownHost[]): ServerHostKeyAlgorithm[] {
  const found = entries.flatMap(({ type }) => ALGORITHMS[type] ?? []);
  return found.length > 0 ? [...new Set(found)] : ['ssh-ed25519'];
}

function unknownHost(node: NodeAddress, file: string): RedisopsError {
  const message = `The host key of ${node.name} (${node.address}) is not in the known_hosts file.`;
  return new RedisopsError('SSH_HOST_KEY', message, { hint: filling(file, node.address, node.sshPort) });
}

function hostKeyError(node: NodeAddress, what: string): RedisopsError {
  return new RedisopsError('SSH_HOST_KEY', `The host key of ${node.name} (${node.address}) ${what}.`, {
    hint: 'If the host was reinstalled, add its new key to SSH_KNOWN_HOSTS_FILE. If not, someone may be intercepting the connection.',
  });
}

function connectError(node: NodeAddress, username: string, keyFile: string, cause: unknown): RedisopsError {
  const where = `${node.name} (${node.address}:${node.sshPort})`;
  const { message, level, code } = describe(cause);
  const port = node.sshPort === 22 ? '' : `-p ${node.sshPort} `;
  if (message.includes('no matching host key format'))
    return hostKeyError(node, 'has a different type than the known one');
  if (level === 'client-authentication')
    return new RedisopsError('SSH_AUTH', `${where} refused the key for user ${username}.`, {
      cause,
      hint: `Add the key to the node: \`ssh-copy-id -i ${keyFile} ${port}${username}@${node.address}\`. Or check ansible_user or SSH_USER, and SSH_PRIVATE_KEY_FILE.`,
    });
  if (level === 'client-timeout' || code === 'ETIMEDOUT')
    return new RedisopsError('SSH_TIMEOUT', `${where} did not answer over SSH in time.`, {
      cause,
      hint: 'Check that the host is up and the network works.',
    });
  return new RedisopsError('SSH_UNREACHABLE', `${where} cannot be reached over SSH: ${message}`, {
    cause,
    hint: 'Check that the host is up, sshd runs, and the address is right.',
  });
}

function describe(cause: unknown): { message: string; level: string; code: string } {
  if (!(cause instanceof Error)) return { message: String(cause), level: '', code: '' };
  const { level, code } = cause as Error & { level?: unknown; code?: unknown };
  return {
    message: cause.message,
    level: typeof level === 'string' ? level : '',
    code: typeof code === 'string' ? code : '',
  };
}
