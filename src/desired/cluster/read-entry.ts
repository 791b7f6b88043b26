import { isIP } from 'node:net';
import { didYouMean } from '../../domain/text/nearest.ts';
import { endpointIn, type DesiredEntry, type ProxyHost } from '../../domain/entry/entry.ts';
import { quoted } from '../../jinja/index.ts';
import { destinationOf } from '../variables/connection-variables.ts';
import { readInventory, type ClusterReading } from '../inventory/read-inventory.ts';
import { CLUSTERS_FILE } from '../rules/clusters.ts';
import { readLayers, renderingOf, type HostLayers } from '../variables/host-layers.ts';
import { HostVariables, type Rendering } from '../variables/host-variables.ts';
import { take } from '../variables/node-variables.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import { resolved } from '../variables/resolved-variables.ts';
import { readAddress, readPort } from '../variables/variable-value.ts';
import { readUser } from './read-node.ts';

const MOST_PROXIES = 10;

/** The cluster’s entry in redisops.yml; null if it names none. */
export async function readEntry(reading: ClusterReading): Promise<DesiredEntry | null> {
  const { entry } = reading.settings;
  if (!entry) return null;
  const addresses = entry.addresses.flatMap((address) => endpointIn(address) ?? []);
  if (entry.hosts === undefined) return { addresses };
  return { addresses, proxies: { hosts: await readProxies(entry.hosts, reading), socket: entry.socket } };
}

async function readProxies(group: string, reading: ClusterReading): Promise<readonly ProxyHost[]> {
  const { settings, problems } = reading;
  const inventory = await readInventory(reading);
  if (!inventory) return [];
  const hosts = inventory.hostsOf(group, MOST_PROXIES + 1);
  const add = (message: string): void => problems.add({ file: CLUSTERS_FILE, line: 1, column: 1 }, message);
  if (hosts === null)
    add(
      `entry hosts: ${inventory.file} has no group ${quoted(group)}.${didYouMean(group, [...inventory.groups.keys()])}`,
    );
  else if (hosts.length === 0) add(`entry hosts: the group ${quoted(group)} has no hosts`);
  else if (hosts.length > MOST_PROXIES) add(`entry hosts: the group ${quoted(group)} has more than ${MOST_PROXIES}`);
  const files = new RepositoryVariables(reading, placesOf(settings, inventory));
  const layered = await readLayers((hosts ?? []).slice(0, MOST_PROXIES), files);
  const rendering = renderingOf(inventory, layered);
  return layered.map((host) => readProxy(host, rendering, reading));
}

function readProxy(
  { host: { name, at }, layers: { ofGroups, own } }: HostLayers,
  rendering: Rendering,
  { problems }: ClusterReading,
): ProxyHost {
  const given = destinationOf(new Map([...ofGroups, ...own]));
  const variables = resolved(given, new HostVariables(name, rendering), problems);
  const address = take(variables, 'ansible_host', readAddress, null, problems) ?? (isIP(name) > 0 ? name : '');
  if (address === '' && !variables.has('ansible_host'))
    problems.add(at, `${quoted(name)} has no ansible_host with its address`);
  const sshUser = take(variables, 'ansible_user', readUser, null, problems);
  return {
    name,
    address,
    sshPort: take(variables, 'ansible_port', readPort, 22, problems),
    ...(sshUser === null ? {} : { sshUser }),
  };
}
