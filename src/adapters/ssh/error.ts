import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/text/node-words.ts';

/** What sudo itself says when it does not let a user; other lines of its (about an unresolved host name, say) are not it. */
const SUDO_REFUSAL =
  /^sudo: .*(?:password is required|terminal is required|must have a tty|account validation failure)|is not in the sudoers file|may not run sudo|is not allowed to (?:run|execute)|sudo: (?:command )?not found/m;

/** Sudo refuses before the script begins: it printed nothing. */
export function isSudoRefusal({ status, stdout, stderr }: { status: number; stdout: string; stderr: string }): boolean {
  return status !== 0 && stdout === '' && SUDO_REFUSAL.test(stderr);
}

export function sudoRefused(node: NodeAddress, stderr: string): RedisopsError {
  const line = stderr.split('\n').find((each) => SUDO_REFUSAL.test(each)) ?? 'sudo refused';
  return new RedisopsError('SUDO_REFUSED', `${node.name}: ${nodeWords(line)}`, {
    hint: 'Give the SSH user passwordless sudo on the node.',
  });
}

export function commandTimeOut(node: NodeAddress, timeoutMs: number): RedisopsError {
  const message = `A command on ${node.name} did not end within ${Number((timeoutMs / 1000).toFixed(1))} s.`;
  return new RedisopsError('COMMAND_TIMEOUT', message, {
    hint: 'The node may hang. Check its load, disks and journal.',
  });
}

export function connectionLost(node: NodeAddress, cause?: unknown): RedisopsError {
  return new RedisopsError('SSH_UNREACHABLE', `The SSH connection to ${node.name} was lost.`, {
    cause,
    hint: 'Check that the host is up and the network works.',
  });
}

export function sessionRefused(node: NodeAddress, cause: Error): RedisopsError {
  return new RedisopsError('SSH_UNREACHABLE', `${node.name} opened no session over SSH: ${nodeWords(cause.message)}`, {
    cause,
    hint: 'sshd may limit sessions (MaxSessions) or forbid commands (ForceCommand).',
  });
}
