import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/node-words.ts';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, Talk } from '../../ports/nodes.ts';
import { gather } from './command.ts';
import { commandTimeOut, connectionLost } from './error.ts';
import { refusalOf, startScript, type StartedScript, type Target } from './start-script.ts';

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Starts a script that prints a NUL once it reads, then answers each line of its input, each answer ended by a NUL. The
 * root shell would read a line that came earlier.
 * @throws what `Talk.ask` does.
 */
export async function talkTo(target: Target, script: Script, options: CommandOptions = {}): Promise<Talk> {
  const { node } = target;
  const started = await startScript(target, script, options, { held: true });
  const { channel, timeoutMs } = started;
  const stderr = gather(channel.stderr, started.stderr);
  let heard = Buffer.alloc(0);
  let waiting: ((answer: string | RedisopsError) => void) | null = null;
  let ended: RedisopsError | null = null;
  channel.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, started.stdout.take(chunk)]);
    const end = heard.indexOf(0);
    if (end === -1 && heard.length > MOST_BYTES) return channel.close();
    if (end === -1) return;
    const answer = heard.subarray(0, end).toString('utf8');
    heard = heard.subarray(end + 1);
    waiting?.(answer);
  });
  channel.once('close', (code?: number | null) => {
    ended ??= endOf(code, started, stderr.text(), node);
    waiting?.(ended);
  });
  let last: Promise<unknown> = Promise.resolve();
  const exchange = async (line: string | null): Promise<string> => {
    const answered = new Promise<string | RedisopsError>((resolve) => (waiting = resolve));
    if (ended) throw ended;
    if (line !== null) channel.write(`${line}\n`);
    // An answer that comes later must not be taken for the next one.
    const timer = setTimeout(() => {
      ended = commandTimeOut(node, timeoutMs, 'end');
      waiting?.(ended);
      channel.close();
    }, timeoutMs);
    const answer = await answered.finally(() => clearTimeout(timer));
    waiting = null;
    if (answer instanceof RedisopsError) throw answer;
    return answer;
  };
  await exchange(null);
  return {
    ask(line) {
      const answer = last.then(() => exchange(line));
      last = answer.catch(() => {});
      return answer;
    },
    close: () => void channel.end(),
  };
}

function endOf(
  code: number | null | undefined,
  started: StartedScript,
  stderr: string,
  node: NodeAddress,
): RedisopsError {
  if (code === undefined) return connectionLost(node);
  const status = code ?? 255;
  const said = nodeWords(stderr.trim()) || `It ended with status ${status}.`;
  return (
    refusalOf(status, started, node) ??
    new RedisopsError('COMMAND_FAILED', said, { hint: 'The message is the node’s own.' })
  );
}
