import type { Client, ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { commandTimeOut, connectionLost, sessionRefused } from './error.ts';
import type { SessionSlots } from './slots.ts';
import { realClock } from '../../time/real-clock.ts';

/**
 * sshd counts a session for a moment after it said that it is closed, so that the next may be one too many; and its
 * MaxSessions may be set lower. Milliseconds.
 */
const AGAIN_AFTER_MS = [10, 30, 100, 300, 600];
const OPEN_MS = 2000;

/** One connection to a node. */
export interface Connection {
  client: Client;
  slots: SessionSlots;
}

/**
 * Starts a command line, in its turn.
 * @throws COMMAND_TIMEOUT or SSH_UNREACHABLE.
 */
export async function openChannel(
  { client, slots }: Connection,
  node: NodeAddress,
  line: string,
  timeoutMs: number,
): Promise<ClientChannel> {
  const startedAt = realClock.elapsed();
  const giveBack = await slots.take(timeoutMs);
  if (!giveBack) throw commandTimeOut(node, timeoutMs);
  const left = (): number => timeoutMs - (realClock.elapsed() - startedAt);
  try {
    for (let attempt = 0; ; attempt += 1) {
      // Who waited for long has little left: that the node is not as quick is no reason to give up the connection.
      const patience = Math.max(left(), Math.min(timeoutMs, OPEN_MS));
      const channel = await start(client, node, line, { timeoutMs: patience, closed: giveBack }).catch(refusal);
      if (!(channel instanceof RedisopsError)) return channel;
      const pause = AGAIN_AFTER_MS[attempt];
      if (pause === undefined || pause > left()) throw channel;
      await realClock.sleep(pause);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The node was asked for a session and said no: nothing was begun. Anything else is thrown on. */
function refusal(error: unknown): RedisopsError {
  if (error instanceof RedisopsError && error.cause instanceof Error && 'reason' in error.cause) return error;
  throw error;
}

/**
 * A node that does not even answer that is given up with its connection: the next `connect` makes
 * a new one.
 */
function start(
  client: Client,
  node: NodeAddress,
  line: string,
  { timeoutMs, closed }: { timeoutMs: number; closed: () => void },
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      client.off('close', lost);
    };
    const lost = (): void => {
      end();
      reject(connectionLost(node));
    };
    const timer = setTimeout(() => {
      end();
      // Told when it is closed, so that nobody is given this connection again.
      client.once('close', () => reject(commandTimeOut(node, timeoutMs)));
      client.destroy();
    }, timeoutMs);
    client.once('close', lost);
    try {
      client.exec(line, (error, channel) => {
        end();
        if (error) return reject(sessionRefused(node, error));
        channel.once('close', closed);
        channel.on('error', () => {});
        channel.stderr.on('error', () => {});
        resolve(channel);
      });
    } catch (error) {
      // ssh2 throws where it is not connected any more.
      end();
      reject(connectionLost(node, error));
    }
  });
}
