import type { Client, ClientChannel } from 'ssh2';
import type { NodeAddress } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import { SensitiveText } from '../domain/secret.ts';
import type { CommandOptions, CommandResult } from '../ports.ts';
import { shellQuote } from './ssh-quote.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
const MAXIMUM_OUTPUT_BYTES = 4 * 1024 * 1024;
const SUDO_REFUSAL = /^sudo: |is not in the sudoers file|may not run sudo|not allowed to execute/m;

/** The command line for a script as root. Parameters stand in the node’s process list; input does not. */
export function commandLine(
  script: string,
  parameters: readonly string[],
  options: { root: boolean; timeoutMs?: number },
): string {
  const words = ['/bin/sh', '-c', script, 'redisops', ...parameters].map(shellQuote);
  // The node ends what outlives its limit, also when the connection is gone.
  const limit =
    options.timeoutMs === undefined ? [] : ['timeout', '-k', '2', String(Math.ceil(options.timeoutMs / 1000) + 1)];
  return [...(options.root ? [] : ['sudo', '-n', '--']), ...limit, ...words].join(' ');
}

/** @throws SUDO_REFUSED, COMMAND_TIMEOUT or SSH_UNREACHABLE. */
export function runCommand(
  client: Client,
  node: NodeAddress,
  isRoot: boolean,
  script: string,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const line = commandLine(script, options.parameters ?? [], { root: isRoot, timeoutMs });
  return new Promise((resolve, reject) => {
    const state: { channel: ClientChannel | null } = { channel: null };
    const timer = setTimeout(() => {
      state.channel?.close();
      finish(() => reject(timeOut(node, timeoutMs)));
    }, timeoutMs);
    const lost = () => finish(() => reject(connectionLost(node)));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      client.off('close', lost);
      end();
    };
    client.once('close', lost);
    open(client, line, (error, channel) => {
      if (error) return finish(() => reject(connectionLost(node, error)));
      state.channel = channel;
      collect(channel, (result) =>
        finish(() => (refusedBySudo(result) ? reject(sudoRefused(node, result)) : resolve(result))),
      );
      channel.end(plain(options.input));
    });
  });
}

/** ssh2 throws where it is not connected any more. */
function open(client: Client, line: string, done: (error: Error | null, channel: ClientChannel) => void): void {
  const nothing = null as unknown as ClientChannel;
  try {
    client.exec(line, (error, channel) => done(error ?? null, channel));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)), nothing);
  }
}

function collect(channel: ClientChannel, done: (result: CommandResult) => void): void {
  const stdout = gather(channel);
  const stderr = gather(channel.stderr);
  let status = 255;
  channel.on('exit', (code: number | null) => {
    status = code ?? 255;
  });
  channel.on('error', () => {});
  channel.on('close', () => done({ status, stdout: stdout(), stderr: stderr() }));
}

/** Keeps the beginning of a stream: what a node prints has no bound of its own. */
function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < MAXIMUM_OUTPUT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function plain(input: SensitiveText | string | undefined): string {
  return input instanceof SensitiveText ? input.reveal() : (input ?? '');
}

function refusedBySudo({ status, stdout, stderr }: CommandResult): boolean {
  return status !== 0 && stdout === '' && SUDO_REFUSAL.test(stderr);
}

export function sudoRefused(node: NodeAddress, { stderr }: CommandResult): RedisopsError {
  return new RedisopsError('SUDO_REFUSED', `${node.name}: ${stderr.trim().split('\n')[0] ?? 'sudo refused'}`, {
    hint: 'The SSH user needs sudo without a password on the node.',
  });
}

function timeOut(node: NodeAddress, timeoutMs: number): RedisopsError {
  return new RedisopsError(
    'COMMAND_TIMEOUT',
    `A command on ${node.name} did not end within ${Math.round(timeoutMs / 1000)} s.`,
    {
      hint: 'The node may hang: look at its load, disks and journal.',
    },
  );
}

export function connectionLost(node: NodeAddress, cause?: unknown): RedisopsError {
  return new RedisopsError('SSH_UNREACHABLE', `The SSH connection to ${node.name} was lost.`, {
    cause,
    hint: 'Is the host up, and the network between?',
  });
}
