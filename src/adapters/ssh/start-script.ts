import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import type { NodeAddress } from '../../domain/desired.ts';
import type { RedisopsError } from '../../domain/error.ts';
import { SensitiveText } from '../../domain/secret.ts';
import type { Script } from '../../domain/shell.ts';
import type { CommandOptions } from '../../ports/nodes.ts';
import { serverOf } from '../../domain/server/server.ts';
import { openChannel, type Connection } from './channel.ts';
import { commandTimeOut, neverBegan } from './error.ts';
import { Framed } from './framed.ts';
import { commandLine, opening } from './root-shell.ts';
import { realClock } from '../../time/real-clock.ts';

export const DEFAULT_TIMEOUT_MS = 15_000;

/** Where a script runs. */
export interface Target {
  connection: Connection;
  node: NodeAddress;
  /** Whether the SSH user is root and needs no sudo. */
  root: boolean;
}

/** A running script. */
export interface StartedScript {
  channel: ClientChannel;
  stdout: Framed;
  stderr: Framed;
  timeoutMs: number;
  /** Milliseconds. */
  timeLeft: () => number;
}

/**
 * Starts a script as root, in turn. Its input follows once it has begun.
 * @param held Whether its input stays open for heartbeats, without a time limit on the node.
 * @param stays Whether its root shell is left for the next script, unless this one has input.
 * @param kept A root shell that stayed.
 * @throws COMMAND_TIMEOUT or SSH_UNREACHABLE.
 */
export async function startScript(
  { connection, node, root }: Target,
  script: Script,
  { parameters = [], input, timeoutMs = DEFAULT_TIMEOUT_MS }: CommandOptions,
  { held, stays = false, kept = null }: { held: boolean; stays?: boolean; kept?: ClientChannel | null },
): Promise<StartedScript> {
  const nonce = randomBytes(16).toString('hex');
  const startedAt = realClock.elapsed();
  const channel = kept ?? (await openChannel(connection, node, commandLine({ root }), timeoutMs));
  const limit = held ? {} : { limitSeconds: Math.ceil(timeoutMs / 1000) + 1 };
  const text = plain(input);
  const willStay = stays && text === '';
  channel.write(opening({ script, parameters, server: serverOf(node), nonce, ...limit, stays: willStay }));
  const giveInput = (): void => {
    if (text !== '') channel.write(text);
    if (!held && !willStay) channel.end();
  };
  if (text === '') giveInput();
  return {
    channel,
    stdout: new Framed(nonce, text === '' ? () => {} : giveInput),
    stderr: new Framed(nonce),
    timeoutMs,
    timeLeft: () => timeoutMs - (realClock.elapsed() - startedAt),
  };
}

/** Why a session ended, with this status, before its script began; null if it had begun. */
export function refusalOf(status: number, { stdout, stderr }: StartedScript, node: NodeAddress): RedisopsError | null {
  if (stdout.began) return null;
  return neverBegan(node, status, { stdout: stdout.noise, stderr: stderr.noise });
}

export function tooLate({ stdout, timeoutMs }: StartedScript, node: NodeAddress): RedisopsError {
  return commandTimeOut(node, timeoutMs, stdout.began ? 'end' : 'begin');
}

function plain(input: CommandOptions['input']): string {
  return input instanceof SensitiveText ? input.reveal() : (input ?? '');
}
