import type { ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { commandLine, openChannel, plainInput, type Connection } from './channel.ts';
import { commandTimeOut, connectionLost, isSudoRefusal, sudoRefused } from './error.ts';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, CommandResult } from '../../ports/nodes.ts';

export const DEFAULT_TIMEOUT_MS = 15_000;
const MAXIMUM_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs a script as root, to its end.
 * @throws SUDO_REFUSED, COMMAND_TIMEOUT or SSH_UNREACHABLE.
 */
export async function runCommand(
  connection: Connection,
  node: NodeAddress,
  root: boolean,
  script: Script,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const line = commandLine(script, options.parameters ?? [], { root, timeoutMs });
  const startedAt = performance.now();
  const channel = await openChannel(connection, node, line, timeoutMs);
  channel.end(plainInput(options.input));
  const result = await outcomeOf(channel, timeoutMs - (performance.now() - startedAt));
  if (result === 'too late') throw commandTimeOut(node, timeoutMs);
  if (result === 'cut off') throw connectionLost(node);
  if (isSudoRefusal(result)) throw sudoRefused(node, result.stderr);
  return result;
}

function outcomeOf(channel: ClientChannel, timeoutMs: number): Promise<CommandResult | 'too late' | 'cut off'> {
  const stdout = gather(channel);
  const stderr = gather(channel.stderr);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.close();
      resolve('too late');
    }, timeoutMs);
    // 'close' has what 'exit' said: that may have come already, in one packet with the channel, to a process that was busy.
    channel.once('close', (code?: number | null) => {
      clearTimeout(timer);
      // Null: ended by a signal. Nothing: the connection ended before the command.
      resolve(code === undefined ? 'cut off' : { status: code ?? 255, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** Keeps the beginning of a stream: what a node prints has no bound of its own. */
export function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = MAXIMUM_OUTPUT_BYTES - size;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
