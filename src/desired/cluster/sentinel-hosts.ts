import type { SentinelHost } from '../../domain/desired.ts';
import { printSentinelConfs, type PrintedConfs } from '../confs/print-confs.ts';
import type { InventoryHost } from '../inventory/inventory.ts';
import { readInventory, type ClusterReading } from '../inventory/read-inventory.ts';
import { quoted } from '../../jinja/index.ts';
import { refuseConnection } from '../variables/connection-variables.ts';
import { readLayers, renderingOf } from '../variables/host-layers.ts';
import { HostVariables } from '../variables/host-variables.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import { resolved } from '../variables/resolved-variables.ts';
import { desiredSentinel, type SentinelMembership } from './desired-sentinel.ts';
import type { HostReading } from './host-reading.ts';
import type { Cluster } from './read-cluster.ts';
import { readConnection, type Connection } from './read-node.ts';

/** A host with Sentinel and without Redis, as read from the repository. */
export interface SentinelHostReading extends Connection, Pick<PrintedConfs, 'sentinel'> {}

/** The hosts of redis_sentinel_group outside the cluster’s group. Their own variables say only how they are reached. */
export async function readSentinelHosts(
  hosts: readonly HostReading[],
  { sentinel, sentinels: { group }, variables }: Cluster,
  reading: ClusterReading,
): Promise<readonly SentinelHostReading[]> {
  const isSaid = variables.has('redis_enable_sentinel');
  const inventory = group === null || !isSaid ? null : await readInventory(reading);
  if (!inventory || group === null) return [];
  const { problems, settings } = reading;
  const members = inventory.hostsOf(group) ?? [];
  const at = variables.get('redis_sentinel_group')?.value.at;
  if (sentinel && at && members.length === 0)
    problems.add(at, `the inventory has no hosts in the group ${quoted(group)}`);
  const others = await readLayers(
    members.filter(({ name }) => !hosts.some(({ host }) => host.name === name)),
    new RepositoryVariables(reading, placesOf(settings, inventory.file)),
  );
  const printed = await printSentinelConfs(inventory, hosts, others, reading);
  const rendering = renderingOf(inventory, [...hosts, ...others]);
  return others.map(({ host, layers }) => {
    const all = new Map([...layers.ofGroups, ...layers.own]);
    const conf = printed.get(host.name);
    return {
      ...connectionOf(host, all, new HostVariables(host.name, rendering), reading),
      ...(conf ? { sentinel: conf } : {}),
    };
  });
}

function connectionOf(
  host: InventoryHost,
  all: HostReading['variables']['all'],
  variables: HostVariables,
  { problems }: ClusterReading,
): Connection {
  refuseConnection(all, variables, problems);
  const ofAnsible = new Map([...all].filter(([name]) => /^ansible_(?:host|port|user)$/.test(name)));
  return readConnection(host, resolved(ofAnsible, variables, problems), problems);
}

/** Also where Git turns Sentinel off: what runs there is stopped. Nothing if its template failed: the problems say why. */
export function desiredSentinelHost(
  host: SentinelHostReading,
  membership: SentinelMembership,
): readonly SentinelHost[] {
  const { cluster } = membership;
  const asked = { ...membership, cluster: { ...cluster, sentinel: true } };
  const { sentinel, gaps } = desiredSentinel({ ...host, hasSentinel: true }, asked);
  if (!sentinel) return [];
  const { name, address, sshPort, sshUser } = host;
  return [
    {
      name,
      address,
      sshPort,
      ...(sshUser === null ? {} : { sshUser }),
      redisPort: sentinel.port,
      sentinel,
      ...(cluster.sentinel && gaps.length > 0 ? { templateGaps: gaps } : {}),
    },
  ];
}
