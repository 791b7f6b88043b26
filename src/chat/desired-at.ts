import { readDesired } from '../desired/questions.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { ConfigSource } from '../ports/git.ts';
import type { CommandPorts } from './command.ts';

/** A cluster’s desired state at a revision. @throws CONFIG_INVALID, and what else reading a configuration throws. */
export function desiredAt(
  source: ConfigSource,
  cluster: string,
  { vaultPassword }: Pick<CommandPorts, 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(source, { cluster, ...(vaultPassword ? { vaultPassword } : {}) });
}
