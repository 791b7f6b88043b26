import { sameAddress } from '../../domain/replication/address.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import { quoted } from '../../jinja/index.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { Position, Problems } from '../source/problems.ts';
import { isNothing } from '../yaml/value.ts';
import { isReplica, type Cluster } from './read-cluster.ts';
import type { NodeReading } from './read-node.ts';

const NAMES_MASTER = ['redis_master_host', 'redis_master_ip'] as const;

/**
 * The node named by redis_master_host or redis_master_ip, otherwise the one that the template’s replicas follow;
 * without replication any node. Null if there is none; the problems then say why.
 */
export function nominate(
  nodes: readonly NodeReading[],
  cluster: Cluster,
  { settings, problems }: ClusterReading,
): NodeReading | null {
  const { replication, masterHost, masterAddress } = cluster;
  const printed = printedMaster(nodes);
  if (printed) return printed;
  if (nodes.length > 1 && nodes.every(({ conf }) => conf && isReplica(conf))) {
    const at = { file: settings.template ?? '', line: 1, column: 1 };
    problems.add(
      at,
      'prints replicaof for every host, and for none of them its master: the cluster would have no master',
    );
    return null;
  }
  if (!replication && nodes.length > 1 && nodes.every(({ conf }) => conf))
    problems.warn(
      { file: settings.template ?? '', line: 1, column: 1 },
      `prints replicaof for none of the ${nodes.length} hosts: without replication, each of them is a master of its own`,
    );
  refuseNoMaster(cluster, settings.group_vars, problems);

  const add = (name: string, message: string): void =>
    problems.add(placeOf(name, cluster, settings.group_vars), message);
  const byName = nodes.find(({ name }) => name === masterHost) ?? null;
  const byAddress = nodes.find(({ address }) => address !== '' && address === masterAddress) ?? null;
  // Beside a template it may be the team’s own, with another meaning.
  if (masterHost !== null && !byName && !nodes.some(({ conf }) => conf)) {
    const names = nodes.map(({ name }) => name);
    const hint = didYouMean(masterHost, names);
    add('redis_master_host', `the master ${quoted(masterHost)} is not in the inventory.${hint}`);
  }
  if (masterAddress !== null && byName && byName.address !== '' && byName !== byAddress)
    add(
      'redis_master_ip',
      `redis_master_ip is ${masterAddress}, but the ansible_host of ${byName.name} is ${byName.address}`,
    );
  if (masterAddress !== null && masterHost === null && !byAddress)
    add('redis_master_ip', `redis_master_ip is ${masterAddress}, but no host of the inventory has that address`);
  return byName ?? byAddress ?? (replication ? null : (nodes[0] ?? null));
}

export function refuseNoMaster(cluster: Cluster, groupVariablesFile: string, problems: Problems): void {
  const isNamed = NAMES_MASTER.some((name) => {
    const entry = cluster.variables.get(name);
    return entry && !isNothing(entry.value);
  });
  if (!cluster.replication || isNamed) return;
  const at = placeOf('redis_enable_replication', cluster, groupVariablesFile);
  problems.add(at, 'replication is on, but redis_master_host is missing');
}

function placeOf(name: string, { variables }: Cluster, groupVariablesFile: string): Position {
  return variables.get(name)?.value.at ?? { file: groupVariablesFile, line: 1, column: 1 };
}

/** The node that the others follow: by its name or address, else the only one that follows none. */
function printedMaster(nodes: readonly NodeReading[]): NodeReading | null {
  const replicas = nodes.filter(({ conf }) => conf && isReplica(conf));
  const [master] = replicas.flatMap(({ conf }) => conf?.directives.get('replicaof')?.slice(0, 1) ?? []);
  if (master === undefined) return null;
  const named = nodes.find(({ name, address }) => sameAddress(name, master) || sameAddress(address, master));
  const [only, ...others] = nodes.filter((node) => !replicas.includes(node));
  return named ?? (others.length === 0 ? (only ?? null) : null);
}
