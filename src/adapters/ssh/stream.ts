import { once } from 'node:events';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, StreamResult } from '../../ports/nodes.ts';
import { gather } from './command.ts';
import { connectionLost } from './error.ts';
import { refusalOf, startScript, tooLate, type StartedScript, type Target } from './start-script.ts';

type Take = (chunk: Uint8Array) => Promise<void>;

/**
 * Runs a script as root and passes on its output chunk by chunk: while one is processed, SSH’s window stops the node
 * after two megabytes.
 * @throws as `runCommand`; what `take` throws, which ends the script.
 */
export async function streamCommand(
  target: Target,
  script: Script,
  options: CommandOptions,
  take: Take,
): Promise<StreamResult> {
  const { node } = target;
  const started = await startScript(target, script, options, { held: false });
  const { channel } = started;
  const stderr = gather(channel.stderr, started.stderr);
  const closed = once(channel, 'close');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    channel.destroy();
  }, started.timeLeft());
  try {
    await drain(started, take);
    const [code] = await closed;
    if (late) throw tooLate(started, node);
    // undefined: the connection ended before the command.
    if (code === undefined) throw connectionLost(node);
    const status = typeof code === 'number' ? code : 255;
    const result = { status, stderr: stderr.text() };
    const refusal = refusalOf(status, started, node);
    if (refusal) throw refusal;
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** A broken channel ends here too: 'close' says how it ended. */
async function drain({ channel, stdout }: StartedScript, take: Take): Promise<void> {
  const failed: unknown[] = [];
  const give = async (chunk: Buffer): Promise<void> => {
    if (chunk.length > 0) await take(chunk).catch((error: unknown) => failed.push(error));
  };
  try {
    for await (const chunk of channel) {
      if (!Buffer.isBuffer(chunk)) continue;
      await give(stdout.take(chunk));
      if (failed.length > 0) break;
    }
  } catch {
    // The stream’s error, which 'close' reports as well.
  }
  if (failed.length === 0) await give(stdout.end());
  if (failed.length > 0) throw failed[0];
}
