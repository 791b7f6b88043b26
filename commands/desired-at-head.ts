import { readDesired } from '../src/desired/read-desired.ts';
import type { DesiredCluster } from '../src/domain/desired.ts';
import type { CommandPorts } from './command.ts';

/** What Git asks at the branch’s head. Fails as reading a configuration does. */
export async function desiredAtHead(
  cluster: string | undefined,
  ports: Pick<CommandPorts, 'source' | 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(await ports.source(null), {
    ...(cluster === undefined ? {} : { cluster }),
    ...(ports.vaultPassword ? { vaultPassword: ports.vaultPassword } : {}),
  });
}
