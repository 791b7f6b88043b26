import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { onTestFinished } from 'vitest';
import { sshNodes, type SshSettings } from '../../src/adapters/ssh/ssh.ts';
import type { NodeAddress } from '../../src/domain/desired.ts';
import type { Nodes } from '../../src/ports/nodes.ts';

/** Handles a session’s command line; default: a shell on this machine. */
export type OnCommand = (line: string, channel: ServerChannel) => void;

export interface ServerOptions {
  onCommand?: OnCommand;
  /** Leaves requests for a session unanswered. */
  silentSessions?: boolean;
  /** All, or this many. */
  refuseSessions?: boolean | number;
  refuseKeys?: boolean;
  /** Target of forwarded connections, whatever the client requests; null: refused. */
  forwardTo?: (host: string) => number | null;
  /** How a forward is refused (RFC 4254, 5.1); default: as OpenSSH does if nothing listens. */
  refusal?: { reason: number; description: string };
  /** The known_hosts key for this server; default: its own. */
  knownKey?: string;
}

export interface TestServer {
  node: NodeAddress;
  settings: SshSettings;
  nodes: Nodes;
  /** All connections, newest last. */
  connections: Connection[];
  commands: string[];
}

export function newKey(): { private: string; public: string } {
  // ssh2 writes about one key in a hundred in a form it cannot read.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
  throw new Error('ssh2 makes no key that it can read');
}

/** An SSH server on loopback with a matching key and known_hosts file, and redisops’ access to it. Ends with the test. */
export async function sshServer(options: ServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redisops-ssh-'));
  const hostKey = newKey();
  const connections: Connection[] = [];
  const commands: string[] = [];
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.push(connection);
    serve(connection, commands, options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port.
  const { port } = server.address() as AddressInfo;

  const settings = { user: 'root', privateKeyFile: join(folder, 'key'), knownHostsFile: join(folder, 'known_hosts') };
  const known = options.knownKey ?? hostKey.public.trim();
  await writeFile(settings.privateKeyFile, newKey().private);
  await writeFile(settings.knownHostsFile, `[127.0.0.1]:${port} ${known}\n`);
  const nodes = sshNodes({ ...settings, connectTimeoutMs: 1000 });
  onTestFinished(async () => {
    await nodes.close();
    for (const connection of connections) connection.end();
    server.close();
    await rm(folder, { recursive: true });
  });
  return {
    node: { name: 'redis-02', address: '127.0.0.1', sshPort: port, redisPort: 6379 },
    settings,
    nodes,
    connections,
    commands,
  };
}

function serve(connection: Connection, commands: string[], options: ServerOptions): void {
  let refusals = Number(options.refuseSessions === true ? Infinity : (options.refuseSessions ?? 0));
  connection.on('error', () => {});
  connection.on('authentication', (context) => (options.refuseKeys ? context.reject() : context.accept()));
  connection.on('ready', () => {
    describeRefusals(connection, options.refusal ?? { reason: 2, description: 'Connection refused' });
    connection.on('session', (accept, reject) => {
      if (options.silentSessions) return;
      if (refusals-- > 0) return reject();
      accept().on('exec', (acceptCommand, _, { command }) => {
        commands.push(command);
        (options.onCommand ?? runHere)(command, acceptCommand());
      });
    });
    connection.on('tcpip', (accept, reject, { destIP }) => {
      const port = options.forwardTo?.(destIP) ?? null;
      if (port === null) return reject();
      const socket = connect(port, '127.0.0.1', () => {
        const channel = accept();
        channel.on('error', () => {});
        channel.pipe(socket).pipe(channel);
      });
      socket.on('error', () => {});
    });
  });
}

/** Unlike OpenSSH, ssh2’s server refuses forwards without a description. */
function describeRefusals(
  connection: Connection,
  { reason, description }: { reason: number; description: string },
): void {
  const protocol: object = Reflect.get(connection, '_protocol');
  const send: (...parameters: unknown[]) => unknown = Reflect.get(protocol, 'channelOpenFail');
  const fail = (channel: number): unknown => Reflect.apply(send, protocol, [channel, reason, description]);
  Reflect.set(protocol, 'channelOpenFail', fail);
}

function runHere(line: string, channel: ServerChannel): void {
  runWith('/bin/sh', ['-c', line], channel);
}

/** Runs a local program in the session. */
export function runWith(program: string, argv: readonly string[], channel: ServerChannel): void {
  const child = spawn(program, argv);
  channel.on('error', () => {});
  child.stdin.on('error', () => {});
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('close', (status) => {
    channel.exit(status ?? 255);
    channel.end();
  });
}

interface Answer {
  stdout?: string;
  stderr?: string;
  status?: number;
}

/** Simulates a script: this output between the nonces, as root’s shell prints it, and this status. */
export function answering(answer: Answer | ((input: string) => Answer)): OnCommand {
  return (_, channel) => {
    channel.once('data', (first: Buffer) => {
      const input = first.toString('utf8');
      const nonce = /printf ([\da-f]{32})/.exec(input)?.[1] ?? '';
      const { stdout = '', stderr = '', status = 0 } = typeof answer === 'function' ? answer(input) : answer;
      ending({ stdout: nonce + stdout + nonce, stderr: nonce + stderr + nonce, status })(_, channel);
    });
  };
}

/** Simulates a session that ends before any script begins. */
export function ending({ stdout = '', stderr = '', status = 0 }: Answer): OnCommand {
  return (_, channel) => {
    channel.on('error', () => {});
    channel.write(stdout);
    channel.stderr.write(stderr);
    channel.exit(status);
    channel.end();
  };
}
