import { didYouMean } from '../../domain/nearest.ts';
import type { ClusterVariables, Variables } from '../variables/node-variables.ts';
import { quoted } from '../../jinja/index.ts';
import type { Position, Problems } from '../problems.ts';
import type { ReadNode } from '../read-node.ts';
import { isNothing } from '../yaml/value.ts';

/**
 * The node that redis_master_host or redis_master_ip names; without replication any will do. Null where there is none:
 * then the problems say why.
 */
export function nominatedMaster(
  cluster: ClusterVariables,
  nodes: readonly ReadNode[],
  variables: Variables,
  groupVariablesFile: string,
  problems: Problems,
): ReadNode | null {
  const placeOf = (name: string): Position =>
    variables.get(name)?.value.at ?? { file: groupVariablesFile, line: 1, column: 1 };
  const { replication, masterHost, masterAddress } = cluster;
  const named = ['redis_master_host', 'redis_master_ip'].some((name) => {
    const entry = variables.get(name);
    return entry && !isNothing(entry.value);
  });
  if (replication && !named)
    problems.add(placeOf('redis_enable_replication'), 'replication is on, but redis_master_host is missing');
  // Why there are none was said already.
  if (nodes.length === 0) return null;

  const byName = nodes.find(({ name }) => name === masterHost) ?? null;
  const byAddress = nodes.find(({ address }) => address !== '' && address === masterAddress) ?? null;
  if (masterHost !== null && !byName) {
    const names = nodes.map(({ name }) => name);
    problems.add(
      placeOf('redis_master_host'),
      `the master ${quoted(masterHost)} is not in the inventory.${didYouMean(masterHost, names)}`,
    );
  }
  if (masterAddress !== null && byName && byName.address !== '' && byName !== byAddress)
    problems.add(
      placeOf('redis_master_ip'),
      `redis_master_ip is ${masterAddress}, but the ansible_host of ${byName.name} is ${byName.address}`,
    );
  if (masterAddress !== null && masterHost === null && !byAddress)
    problems.add(
      placeOf('redis_master_ip'),
      `redis_master_ip is ${masterAddress}, but no host of the inventory has that address`,
    );
  return byName ?? byAddress ?? (replication ? null : (nodes[0] ?? null));
}
