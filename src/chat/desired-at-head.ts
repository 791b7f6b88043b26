import { readDesired } from '../desired/read-desired.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { CommandPorts } from './command.ts';
import type { ConfigSource } from '../ports/git.ts';

/** What Git asks at the branch’s head. Fails as reading a configuration does. */
export async function desiredAtHead(
  cluster: string | undefined,
  ports: Pick<CommandPorts, 'source' | 'vaultPassword'>,
): Promise<DesiredCluster> {
  return desiredAt(await ports.source(null), cluster, ports);
}

export function desiredAt(
  source: ConfigSource,
  cluster: string | undefined,
  { vaultPassword }: Pick<CommandPorts, 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(source, {
    ...(cluster === undefined ? {} : { cluster }),
    ...(vaultPassword ? { vaultPassword } : {}),
  });
}
