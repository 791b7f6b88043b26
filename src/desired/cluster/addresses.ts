import { isIP } from 'node:net';
import { ConfigInvalid, RedisopsError, type ConfigProblem } from '../../domain/error.ts';
import { canonicalAddress } from '../../domain/replication/address.ts';
import type { Secret } from '../../domain/secret.ts';
import { quoted } from '../../jinja/index.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import { hostsOf, readInventory } from '../inventory/read-inventory.ts';
import { chooseCluster, readClusters, type ClusterSettings } from '../rules/clusters.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { Problems, type Position } from '../source/problems.ts';
import { readLayers, renderingOf } from '../variables/host-layers.ts';
import { destinationOf } from '../variables/connection-variables.ts';
import { HostVariables } from '../variables/host-variables.ts';
import { take } from '../variables/node-variables.ts';
import { readName } from '../variables/sentinel-variables.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import { resolved } from '../variables/resolved-variables.ts';
import { readAddress } from '../variables/variable-value.ts';

export interface AddressOptions {
  vaultPassword?: Secret | undefined;
}

/** The addresses of a cluster’s hosts, each in one spelling. */
export interface ClusterAddresses {
  addresses: readonly string[];
  /** False if mistakes hide some of them. */
  isComplete: boolean;
}

interface Host {
  name: string;
  at: Position;
  address: string;
}

interface Hosts {
  hosts: readonly Host[];
  isComplete: boolean;
}

/** @throws CONFIG_INVALID for mistakes in redisops.yml; UNKNOWN_CLUSTER */
export async function addressesOf(
  from: ConfigSource,
  cluster: string,
  options: AddressOptions,
): Promise<ClusterAddresses> {
  const source = ParsedSource.of(from);
  const { settings } = chooseCluster(await readClusters(source), cluster);
  const { hosts, isComplete } = await hostsIn(source, settings, options);
  return { addresses: hosts.map(({ address }) => address), isComplete };
}

/** The other clusters of the repository that have one of the addresses, or may have it. @throws CONFIG_INVALID */
export async function clustersWith(
  from: ConfigSource,
  cluster: string,
  addresses: readonly string[],
  options: AddressOptions,
): Promise<readonly string[]> {
  const source = ParsedSource.of(from);
  const others = [...(await readClusters(source))].filter(([name]) => name !== cluster);
  const found: string[] = [];
  for (const [name, settings] of others) {
    const { hosts, isComplete } = await hostsIn(source, settings, options);
    if (!isComplete || hosts.some(({ address }) => addresses.includes(address))) found.push(name);
  }
  return found;
}

/** A host that another cluster has as well. */
export interface SharedHost extends ConfigProblem {
  node: string;
}

/**
 * A host belongs to one cluster, whatever its ports: redisops is root there, and each cluster’s rules protect its own.
 * Clusters with mistakes of their own are left out: nothing of them is applied. @throws CONFIG_INVALID
 */
export async function sharedHosts(
  from: ConfigSource,
  cluster: string,
  options: AddressOptions,
): Promise<readonly SharedHost[]> {
  const source = ParsedSource.of(from);
  const clusters = await readClusters(source);
  const settings = clusters.get(cluster);
  if (!settings || clusters.size < 2) return [];
  const { hosts } = await hostsIn(source, settings, options);
  const shared: SharedHost[] = [];
  for (const [name, other] of clusters) {
    if (name === cluster) continue;
    const taken = (await hostsIn(source, other, options)).hosts;
    for (const host of hosts) {
      const twin = taken.find(({ address }) => address === host.address);
      if (twin) shared.push({ ...host.at, node: host.name, message: sharedMessage(host, cluster, twin, name) });
    }
  }
  return shared;
}

/** @throws CONFIG_INVALID, by the lines of the shared hosts */
export async function refuseSharedHosts(from: ConfigSource, cluster: string, options: AddressOptions): Promise<void> {
  const shared = await sharedHosts(from, cluster, options);
  if (shared.length > 0) throw new ConfigInvalid(shared);
}

function sharedMessage(host: Host, cluster: string, twin: Host, other: string): string {
  const name = twin.name === host.name ? '' : `, as ${quoted(twin.name)}`;
  return `${quoted(host.name)} (${host.address}) is a host of ${cluster} and of ${other}${name}: a host belongs to one cluster`;
}

/** A group with more hosts than that names no Sentinels. */
const MOST_SENTINEL_HOSTS = 100;

/** Hosts by settings: those of a commit are read once. */
const known = new WeakMap<ParsedSource, Map<ClusterSettings, Promise<Hosts>>>();

function hostsIn(source: ParsedSource, settings: ClusterSettings, options: AddressOptions): Promise<Hosts> {
  const ofSource = known.get(source) ?? new Map<ClusterSettings, Promise<Hosts>>();
  known.set(source, ofSource);
  const reading = ofSource.get(settings) ?? readHostsIn(source, settings, options);
  ofSource.set(settings, reading);
  reading.catch(() => ofSource.delete(settings));
  return reading;
}

async function readHostsIn(source: ParsedSource, settings: ClusterSettings, options: AddressOptions): Promise<Hosts> {
  const problems = new Problems();
  const reading = { source, settings, problems, vaultPassword: options.vaultPassword };
  const inventory = await readInventory(reading).catch(orNone);
  // Without an inventory there are no hosts.
  if (inventory === undefined) return { hosts: [], isComplete: true };
  if (inventory === null) return { hosts: [], isComplete: false };
  const files = new RepositoryVariables(reading, placesOf(settings, inventory));
  const inGroup = hostsOf(inventory, reading);
  const members = await readLayers(inGroup, files);
  const watching = await readLayers(sentinelHosts(inventory, members, problems), files);
  const layered = [...members, ...watching];
  const rendering = renderingOf(inventory, layered);
  const hosts = layered.map(({ host, layers: { ofGroups, own } }): Host => {
    const given = destinationOf(new Map([...ofGroups, ...own]));
    const variables = resolved(given, new HostVariables(host.name, rendering), problems);
    const address = take(variables, 'ansible_host', readAddress, null, problems);
    return {
      name: host.name,
      at: host.at,
      address: canonicalAddress(address ?? (isIP(host.name) > 0 ? host.name : '')),
    };
  });
  const reached = hosts.filter(({ address }) => address !== '');
  // A cluster with more hosts than it may have is cut.
  const count = inventory.hostsOf(settings.group, inGroup.length + 1)?.length ?? 0;
  return { hosts: reached, isComplete: reached.length === count + watching.length };
}

/** Hosts of redis_sentinel_group without Redis: redisops is root there, too. */
function sentinelHosts(
  inventory: Inventory,
  members: Awaited<ReturnType<typeof readLayers>>,
  problems: Problems,
): readonly InventoryHost[] {
  const [first] = members;
  const named = first?.layers.ofGroups.get('redis_sentinel_group');
  if (!first || !named) return [];
  const variables = new HostVariables(first.host.name, renderingOf(inventory, members));
  const asked = resolved(new Map([['redis_sentinel_group', named]]), variables, problems);
  const group = take(asked, 'redis_sentinel_group', readName, null, problems);
  const all = group === null ? [] : (inventory.hostsOf(group, members.length + MOST_SENTINEL_HOSTS) ?? []);
  return all.filter(({ name }) => !members.some(({ host }) => host.name === name));
}

function orNone(error: unknown): undefined {
  if (error instanceof RedisopsError && error.code === 'CONFIG_MISSING') return undefined;
  throw error;
}
