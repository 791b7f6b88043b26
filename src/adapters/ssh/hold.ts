import type { ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { HEARTBEAT_MS, LATE_HEARTBEAT_MS } from '../../domain/hold.ts';
import { nodeWords } from '../../domain/node-words.ts';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions, Hold } from '../../ports/nodes.ts';
import { connectionLost } from './error.ts';
import { refusalOf, startScript, type StartedScript, type Target } from './start-script.ts';
import { atMost } from '../../time/within.ts';
import { realClock } from '../../time/real-clock.ts';

const WATCH_MS = 1000;
const RELEASE_MS = 2000;
const MAXIMUM_LINE = 4096;

/**
 * Starts a script that prints a line and then reads heartbeats until its input or its connection ends: see
 * `domain/hold.ts`. The time limit is for the first line.
 * @throws SUDO_REFUSED, COMMAND_TIMEOUT, COMMAND_FAILED or SSH_UNREACHABLE.
 */
export async function holdCommand(target: Target, script: Script, options: CommandOptions = {}): Promise<Hold> {
  const started = await startScript(target, script, options, { held: true });
  const { channel } = started;
  const lost = new AbortController();
  const stopBeating = beat(channel, () => lost.abort());
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => resolve());
  });
  channel.once('close', () => lost.abort());
  try {
    const firstLine = await firstLineOf(started, target.node);
    return { firstLine, lost: lost.signal, release: () => release(channel, closed, stopBeating) };
  } catch (error) {
    stopBeating();
    channel.close();
    throw error;
  }
}

function firstLineOf(started: StartedScript, node: NodeAddress): Promise<string> {
  const { channel } = started;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(silent(node)), started.timeLeft());
    let [stdout, stderr] = ['', ''];
    channel.on('data', (chunk: Buffer) => {
      const own = started.stdout.take(chunk);
      if (stdout.includes('\n') || stdout.length > MAXIMUM_LINE) return;
      stdout += own.toString('utf8');
      const end = stdout.indexOf('\n');
      if (end === -1) return;
      clearTimeout(timer);
      resolve(stdout.slice(0, end));
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      const own = started.stderr.take(chunk);
      if (stderr.length < MAXIMUM_LINE) stderr += own.toString('utf8');
    });
    // The status from 'exit', which may have been missed: see command.ts.
    channel.once('close', (code?: number | null) => {
      clearTimeout(timer);
      if (code === undefined) return reject(connectionLost(node));
      const status = code ?? 255;
      reject(refusalOf(status, started, node) ?? ended(node, status, stderr));
    });
  });
}

/**
 * Uses the wall clock, which continues while a laptop sleeps or a virtual machine migrates: a heartbeat this late comes
 * after the node has released the lock, and before this side notices.
 */
function beat(channel: ClientChannel, late: () => void): () => void {
  let last = realClock.now().getTime();
  const timer = setInterval(() => {
    const since = realClock.now().getTime() - last;
    if (since > LATE_HEARTBEAT_MS) return late();
    if (since >= 0 && since < HEARTBEAT_MS) return;
    last = realClock.now().getTime();
    channel.write('\n');
  }, WATCH_MS);
  // A hold must not keep the program alive.
  timer.unref();
  const stop = () => clearInterval(timer);
  channel.once('close', stop);
  return stop;
}

async function release(channel: ClientChannel, closed: Promise<void>, stopBeating: () => void): Promise<void> {
  stopBeating();
  channel.end();
  await atMost(RELEASE_MS, closed);
  channel.close();
}

function silent(node: NodeAddress): RedisopsError {
  return new RedisopsError('COMMAND_TIMEOUT', `${node.name} could not be held: no answer in time.`, {
    hint: 'The node may hang. Check its load, disks and journal.',
  });
}

function ended(node: NodeAddress, status: number, stderr: string): RedisopsError {
  const message = `${node.name} could not be held: the script ended with status ${status}. ${nodeWords(stderr)}`;
  return new RedisopsError('COMMAND_FAILED', message.trim(), { hint: 'The message is the node’s own.' });
}
