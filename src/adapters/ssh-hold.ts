import type { Client, ClientChannel } from 'ssh2';
import type { NodeAddress } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { CommandOptions, Hold } from '../ports.ts';
import { commandLine, connectionLost } from './ssh-command.ts';

const HEARTBEAT_MS = 10_000;
const RELEASE_MS = 2000;

/** Starts a script that prints a line and then reads heartbeats until its input ends. */
export function holdCommand(
  client: Client,
  node: NodeAddress,
  isRoot: boolean,
  script: string,
  options: CommandOptions = {},
): Promise<Hold> {
  const line = commandLine(script, options.parameters ?? [], { root: isRoot });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(silent(node)), options.timeoutMs ?? 15_000);
    client.exec(line, (error, channel) => {
      if (error) {
        clearTimeout(timer);
        return reject(connectionLost(node, error));
      }
      let text = '';
      const stop = beat(channel);
      channel.on('error', () => {});
      channel.stderr.resume();
      channel.on('close', () => {
        clearTimeout(timer);
        stop();
        reject(connectionLost(node));
      });
      channel.on('data', (chunk: Buffer) => {
        if (text.includes('\n')) return;
        text += chunk.toString('utf8');
        const [firstLine, rest] = text.split('\n', 2);
        if (rest === undefined) return;
        clearTimeout(timer);
        resolve({ firstLine: firstLine ?? '', release: () => release(channel, stop) });
      });
    });
  });
}

function beat(channel: ClientChannel): () => void {
  const timer = setInterval(() => channel.write('\n'), HEARTBEAT_MS);
  return () => clearInterval(timer);
}

function release(channel: ClientChannel, stopBeating: () => void): Promise<void> {
  stopBeating();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.close();
      resolve();
    }, RELEASE_MS);
    channel.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    channel.end();
  });
}

function silent(node: NodeAddress): RedisopsError {
  return new RedisopsError('COMMAND_TIMEOUT', `${node.name} could not be held: no answer in time.`, {
    hint: 'The node may hang: look at its load, disks and journal.',
  });
}
