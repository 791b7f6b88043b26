import { once } from 'node:events';
import type { ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { commandLine, openChannel, plainInput, type Connection } from './channel.ts';
import { DEFAULT_TIMEOUT_MS, gather } from './command.ts';
import { commandTimeOut, connectionLost, isSudoRefusal, sudoRefused } from './error.ts';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, StreamResult } from '../../ports/nodes.ts';

/**
 * Runs a script as root and gives its output on, piece by piece: while one is dealt with, SSH’s window lets the node send
 * no more than two megabytes.
 * @throws SUDO_REFUSED, COMMAND_TIMEOUT or SSH_UNREACHABLE; what `take` throws, which ends the script.
 */
export async function streamCommand(
  { connection, node, root }: { connection: Connection; node: NodeAddress; root: boolean },
  script: Script,
  options: CommandOptions,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<StreamResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const line = commandLine(script, options.parameters ?? [], { root, timeoutMs });
  const startedAt = performance.now();
  const channel = await openChannel(connection, node, line, timeoutMs);
  const stderr = gather(channel.stderr);
  const closed = once(channel, 'close');
  const state = { late: false, printed: false };
  const timer = setTimeout(
    () => {
      state.late = true;
      channel.destroy();
    },
    timeoutMs - (performance.now() - startedAt),
  );
  try {
    channel.end(plainInput(options.input));
    await drain(channel, async (chunk) => {
      state.printed = true;
      await take(chunk);
    });
    const [code] = await closed;
    if (state.late) throw commandTimeOut(node, timeoutMs);
    // Nothing: the connection ended before the command.
    if (code === undefined) throw connectionLost(node);
    const result = { status: typeof code === 'number' ? code : 255, stderr: stderr() };
    if (isSudoRefusal({ ...result, stdout: state.printed ? 'something' : '' })) throw sudoRefused(node, result.stderr);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** A channel that breaks off ends here, too: how it ended is told by its close. */
async function drain(channel: ClientChannel, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const failed: unknown[] = [];
  try {
    for await (const chunk of channel) {
      if (!(chunk instanceof Uint8Array)) continue;
      await take(chunk).catch((error: unknown) => failed.push(error));
      if (failed.length > 0) break;
    }
  } catch {
    // The stream’s own word for what the close says.
  }
  if (failed.length > 0) throw failed[0];
}
