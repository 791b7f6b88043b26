import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/node-words.ts';

/** sudo’s refusals; its other messages (such as an unresolved host name) are not refusals. */
const SUDO_REFUSAL =
  /^sudo: .*(?:password is required|terminal is required|must have a tty|account validation failure)|is not in the sudoers file|may not run sudo|is not allowed to (?:run|execute)|sudo: (?:command )?not found/m;

/** Why a session ended before its script began. @param printed The session’s output. */
export function neverBegan(
  node: NodeAddress,
  status: number,
  printed: { stdout: string; stderr: string },
): RedisopsError {
  const refusal = printed.stderr.split('\n').find((line) => SUDO_REFUSAL.test(line));
  if (refusal !== undefined)
    return new RedisopsError('SUDO_REFUSED', `${node.name}: ${nodeWords(refusal)}`, {
      hint: 'Give the SSH user passwordless sudo on the node, at least for `/bin/sh -s redisops`.',
    });
  const words = nodeWords(`${printed.stderr} ${printed.stdout}`) || 'nothing';
  const message = `The SSH session on ${node.name} ended with status ${status} before the command began. It printed: ${words}`;
  return new RedisopsError('COMMAND_FAILED', message, {
    hint: 'redisops reads Debian hosts. Check the SSH user’s login shell and ~/.bashrc, and ForceCommand in sshd_config.',
  });
}

/** @param did What did not happen in time. If it did not begin, the login shell may be waiting for input. */
export function commandTimeOut(node: NodeAddress, timeoutMs: number, did: 'begin' | 'end' = 'end'): RedisopsError {
  const message = `A command on ${node.name} did not ${did} within ${Number((timeoutMs / 1000).toFixed(1))} s.`;
  const also = did === 'begin' ? ', and the SSH user’s ~/.bashrc' : '';
  return new RedisopsError('COMMAND_TIMEOUT', message, {
    hint: `The node may hang. Check its load, disks and journal${also}.`,
  });
}

export function connectionLost(node: NodeAddress, cause?: unknown): RedisopsError {
  return new RedisopsError('SSH_UNREACHABLE', `The SSH connection to ${node.name} was lost.`, {
    cause,
    hint: 'Check that the host is up and the network works.',
  });
}

export function sessionRefused(node: NodeAddress, cause: Error): RedisopsError {
  const words = nodeWords(cause.message.replace(/^\(SSH\) Channel open failure: /, ''));
  return new RedisopsError('SSH_SESSION_REFUSED', `sshd on ${node.name} refused a session: ${words}`, {
    cause,
    hint: 'Raise MaxSessions in its sshd_config to 10, the default: redisops uses several sessions of one connection.',
  });
}
