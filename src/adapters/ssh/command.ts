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
  const { shell } = connection;
  const kept = shell.take();
  const started = await startScript(target, script, options, { held: false, stays: shell.isWanted, kept });
  const result = await outcomeOf(started);
  if (result === 'too late') throw tooLate(started, node);
  if (result === 'cut off') throw connectionLost(node);
  // The shell had ended meanwhile: nothing was run.
  if (kept && !started.stdout.began) return runCommand(target, script, options);
  const refusal = refusalOf(result.status, started, node);
  if (refusal) throw refusal;
  shell.want();
  if (isLeft(started)) shell.keep(started.channel);
  return result;
}

/** Whether the script has ended, and its root shell waits for another one. */
function isLeft({ stdout, stderr }: StartedScript): boolean {
  return stdout.status !== null && stderr.ended;
}

function outcomeOf(started: StartedScript): Promise<CommandResult | 'too late' | 'cut off'> {
  const { channel, timeLeft } = started;
  const stdout = gather(channel, started.stdout);
  const stderr = gather(channel.stderr, started.stderr);
  return new Promise((resolve) => {
    const end = (result: CommandResult | 'too late' | 'cut off'): void => {
      clearTimeout(timer);
      channel.off('data', left).off('close', closed);
      channel.stderr.off('data', left);
      stdout.stop();
      stderr.stop();
      resolve(result);
    };
    const timer = setTimeout(() => {
      channel.close();
      end('too late');
    }, timeLeft());
    const withStatus = (status: number): CommandResult => ({ status, stdout: stdout.text(), stderr: stderr.text() });
    const left = (): void => {
      if (isLeft(started)) end(withStatus(started.stdout.status ?? 255));
    };
    // 'close' repeats the status from 'exit', which may have been missed: it can arrive in one packet with the channel
    // while the process is busy. null: ended by a signal. undefined: the connection ended first.
    const closed = (code?: number | null): void => end(code === undefined ? 'cut off' : withStatus(code ?? 255));
    channel.on('data', left).once('close', closed);
    channel.stderr.on('data', left);
  });
}

/** Keeps only the beginning of a script’s output, which is otherwise unbounded. */
export function gather(stream: NodeJS.ReadableStream, framed: Framed): { text: () => string; stop: () => void } {
  const chunks: Buffer[] = [];
  let size = 0;
  const keep = (chunk: Buffer): void => {
    const room = MAXIMUM_OUTPUT_BYTES - size;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    size += chunk.length;
  };
  const take = (chunk: Buffer): void => keep(framed.take(chunk));
  stream.on('data', take);
  return {
    text: () => {
      keep(framed.end());
      return Buffer.concat(chunks).toString('utf8');
    },
    stop: () => stream.off('data', take),
  };
}
