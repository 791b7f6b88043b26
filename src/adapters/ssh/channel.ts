import type { Client, ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { commandTimeOut, connectionLost, sessionRefused } from './error.ts';
import type { KeptShell } from './kept-shell.ts';
import type { SessionSlots } from './slots.ts';
import { realClock } from '../../time/real-clock.ts';

/**
 * sshd still counts a session for a moment after reporting it closed, so the next one may exceed the limit; and its
 * MaxSessions may be lower. Milliseconds.
 */
const AGAIN_AFTER_MS = [10, 30, 100, 300, 600];
const OPEN_MS = 2000;

/** A connection to a node. */
export interface Connection {
  client: Client;
  slots: SessionSlots;
  shell: KeptShell;
}

/** Starts a command line, in turn. @throws COMMAND_TIMEOUT or SSH_UNREACHABLE. */
export async function openChannel(
  { client, slots, shell }: Connection,
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
      // After a long wait little time is left, which is no reason to drop the connection.
      const patience = Math.max(left(), Math.min(timeoutMs, OPEN_MS));
      const channel = await start(client, node, line, { timeoutMs: patience, closed: giveBack }).catch(refusal);
      if (!(channel instanceof RedisopsError)) return channel;
      shell.end();
      const pause = AGAIN_AFTER_MS[attempt];
      if (pause === undefined || pause > left()) throw channel;
      await realClock.sleep(pause);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The node refused the session: nothing was started. Rethrows anything else. */
function refusal(error: unknown): RedisopsError {
  if (error instanceof RedisopsError && error.cause instanceof Error && 'reason' in error.cause) return error;
  throw error;
}

/** If a node does not even answer this, its connection is dropped: the next `connect` makes a new one. */
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
      // Rejects only after closing, so that nobody gets this connection again.
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
      // ssh2 throws if it is no longer connected.
      end();
      reject(connectionLost(node, error));
    }
  });
}
