import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, CommandResult } from '../../ports/nodes.ts';
import { connectionLost } from './error.ts';
import type { Framed } from './framed.ts';
import { refusalOf, startScript, tooLate, type StartedScript, type Target } from './start-script.ts';

const MAXIMUM_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs a script as root to its end.
 * @throws SUDO_REFUSED, COMMAND_FAILED if the script never began, COMMAND_TIMEOUT or SSH_UNREACHABLE.
 */
export async function runCommand(target: Target, script: Script, options: CommandOptions = {}): Promise<CommandResult> {
  const { node, connection } = target;
  const ready = connection.ready.take();
  const started = await startScript(target, script, options, { held: false, ready });
  const result = await outcomeOf(started);
  // The shell had ended meanwhile: nothing was run.
  if (ready && typeof result === 'object' && !started.stdout.began) return runCommand(target, script, options);
  if (result === 'too late') throw tooLate(started, node);
  if (result === 'cut off') throw connectionLost(node);
  const refusal = refusalOf(result.status, started, node);
  if (refusal) throw refusal;
  connection.ready.prepare();
  return result;
}

function outcomeOf({ channel, timeLeft, ...framed }: StartedScript): Promise<CommandResult | 'too late' | 'cut off'> {
  const stdout = gather(channel, framed.stdout);
  const stderr = gather(channel.stderr, framed.stderr);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.close();
      resolve('too late');
    }, timeLeft());
    // 'close' repeats the status from 'exit', which may have been missed: it can arrive in one packet with the channel
    // while the process is busy.
    channel.once('close', (code?: number | null) => {
      clearTimeout(timer);
      // null: ended by a signal. undefined: the connection ended first.
      resolve(code === undefined ? 'cut off' : { status: code ?? 255, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** Keeps only the beginning of a script’s output, which is otherwise unbounded. */
export function gather(stream: NodeJS.ReadableStream, framed: Framed): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  const keep = (chunk: Buffer): void => {
    const room = MAXIMUM_OUTPUT_BYTES - size;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    size += chunk.length;
  };
  stream.on('data', (chunk: Buffer) => keep(framed.take(chunk)));
  return () => {
    keep(framed.end());
    return Buffer.concat(chunks).toString('utf8');
  };
}
