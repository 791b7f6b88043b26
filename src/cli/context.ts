import { checkout } from '../adapters/disk/checkout.ts';
import { sshNodes } from '../adapters/ssh/ssh.ts';
import { readVaultPassword } from '../adapters/disk/vault-password.ts';
import type { Secret } from '../domain/secret.ts';
import type { OperationPorts } from '../operation/run.ts';
import type { Settings } from '../settings.ts';
import type { Invocation } from './arguments.ts';
import type { ConfigSource } from '../ports/git.ts';

/** What every verb gets: the checkout, the way to the nodes, and the person’s words. */
export interface Context extends OperationPorts {
  invocation: Invocation;
  settings: Settings;
  source: ConfigSource;
  /** Tells the person what happens while it happens. */
  tell(line: string): void;
  /** Asks for a yes; false where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Ends a run at the next safe point. */
  stop: AbortSignal;
}

export async function contextOf(
  invocation: Invocation,
  settings: Settings,
  person: Pick<Context, 'tell' | 'confirm' | 'stop'>,
): Promise<Context> {
  const vaultPassword = await vaultPasswordOf(settings);
  return {
    invocation,
    settings,
    source: checkout(invocation.repo),
    nodes: sshNodes({
      user: settings.SSH_USER,
      privateKeyFile: settings.SSH_PRIVATE_KEY_FILE,
      knownHostsFile: settings.SSH_KNOWN_HOSTS_FILE,
    }),
    clock: { now: () => new Date() },
    ...(vaultPassword ? { vaultPassword } : {}),
    ...person,
  };
}

/** @throws SETTINGS_INVALID when the file cannot be read, or is a script that fails. */
export async function vaultPasswordOf(settings: Settings): Promise<Secret | undefined> {
  const file = settings.ANSIBLE_VAULT_PASSWORD_FILE;
  return file === undefined ? undefined : readVaultPassword(file);
}
