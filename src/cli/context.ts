import { checkout } from '../adapters/disk/checkout.ts';
import { looksHere } from './queue-store.ts';
import { sshNodes } from '../adapters/ssh/ssh.ts';
import { readableFiles } from '../adapters/disk/readable-files.ts';
import { vaultPasswordIn } from '../adapters/disk/vault-password.ts';
import type { OperationPorts } from '../operation/run.ts';
import type { Settings } from '../settings.ts';
import type { Common } from './arguments/invocation.ts';
import type { ConfigSource } from '../ports/git.ts';
import { realClock } from '../time/real-clock.ts';

/** `nobody`: there is no terminal to ask. */
export type Reply = 'yes' | 'no' | 'nobody';

/** What every verb gets: the checkout, access to the nodes, and the terminal. */
export interface Context extends OperationPorts {
  repo: string;
  cluster: string | undefined;
  settings: Settings;
  source: ConfigSource;
  /** Shows progress. */
  tell(line: string): void;
  confirm(question: string): Promise<Reply>;
  /** Stops a run at the next safe point. */
  stop: AbortSignal;
}

export async function contextOf(
  { repo, cluster }: Common,
  settings: Settings,
  person: Pick<Context, 'tell' | 'confirm' | 'stop'>,
): Promise<Context> {
  for (const warning of await readableFiles(settings)) person.tell(warning);
  const vaultPassword = await vaultPasswordIn(settings.ANSIBLE_VAULT_PASSWORD_FILE);
  return {
    looks: looksHere(settings),
    repo,
    cluster,
    settings,
    source: checkout(repo),
    nodes: sshNodes({
      user: settings.SSH_USER,
      privateKeyFile: settings.SSH_PRIVATE_KEY_FILE,
      knownHostsFile: settings.SSH_KNOWN_HOSTS_FILE,
    }),
    clock: realClock,
    ...(vaultPassword ? { vaultPassword } : {}),
    ...person,
  };
}
