import { isIP } from 'node:net';
import { sameAddress } from '../domain/address.ts';
import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { ConfigInvalid, RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Policy } from '../domain/policy.ts';
import type { Secret } from '../domain/secret.ts';
import type { ConfigSource } from '../ports.ts';
import { chooseCluster, readClusters, type ClusterSettings } from './clusters.ts';
import { hostsOf, inventoryOfIni, inventoryOfYaml, type Inventory, type InventoryHost } from './inventory.ts';
import { readNodeVariables, refuseClusterVariables, refuseUnknown, type NodeVariables } from './node-variables.ts';
import { Problems, shown, type Position } from './problems.ts';
import { renderDropIn, renderRedisConf } from './redis-conf-template.ts';
import { readAddress, readPort, readText, shownValue, type Read } from './variable-value.ts';
import { readYamlMapping, type Entry, type Value } from './yaml-mapping.ts';

const INVENTORIES = ['ansible/inventory/hosts.yml', 'ansible/inventory/hosts.ini'];
const MAXIMUM_HOSTS = 100;

export async function clustersOf(source: ConfigSource): Promise<readonly string[]> {
  return [...(await readClusters(source)).keys()];
}

/** Whether any of the changed paths is one that the cluster is read from. */
export async function touchesCluster(
  source: ConfigSource,
  cluster: string,
  changedPaths: readonly string[],
): Promise<boolean> {
  const { settings } = chooseCluster(await readClusters(source), cluster);
  const files = ['redisops.yml', settings.group_vars, ...(settings.inventory ? [settings.inventory] : INVENTORIES)];
  return changedPaths.some((path) => files.includes(path) || path.startsWith(`${settings.host_vars}/`));
}

interface Reading {
  source: ConfigSource;
  settings: ClusterSettings;
  problems: Problems;
  vaultPassword: Secret | undefined;
}

/**
 * What Git asks of a cluster.
 * @throws CONFIG_INVALID with every mistake by file, line and column; CONFIG_MISSING; UNKNOWN_CLUSTER.
 */
export async function readDesired(
  source: ConfigSource,
  options: { cluster?: string; vaultPassword?: Secret },
): Promise<DesiredCluster> {
  const { name, settings } = chooseCluster(await readClusters(source), options.cluster);
  const problems = new Problems();
  const reading = { source, settings, problems, vaultPassword: options.vaultPassword };

  const hosts = await readHosts(reading);
  const groupVariables = await readVariables(settings.group_vars, reading, true);
  const clusterVariables = new Map([...(hosts[0]?.groupVariables ?? []), ...groupVariables]);
  const cluster = readNodeVariables(clusterVariables, problems);
  refuseUnknown(groupVariables, problems);

  const nodes: ReadNode[] = [];
  for (const host of hosts) nodes.push(await readNode(host, groupVariables, clusterVariables, reading));
  refuseTwins(nodes, problems);
  const master = masterOf(cluster, nodes, groupVariables, reading);
  if (problems.found.length > 0 || !master) throw new ConfigInvalid(problems.found);

  const password = cluster.password;
  const masterauth = cluster.masterauth ?? cluster.password;
  return {
    cluster: name,
    revision: source.revision,
    replication: cluster.replication,
    sentinel: cluster.sentinel,
    nominatedMaster: master.name,
    ...(password ? { password } : {}),
    ...(masterauth ? { masterauth } : {}),
    nodes: nodes.map((node) => desiredNode(node, master, cluster, nodes.length)),
    policy: policyOf(settings),
  };
}

async function readHosts(reading: Reading): Promise<readonly InventoryHost[]> {
  const { settings, problems } = reading;
  const inventory = await readInventory(reading);
  if (!inventory) return [];
  const top = { file: inventory.file, line: 1, column: 1 };
  const hosts = hostsOf(inventory, settings.group);
  if (hosts === null)
    problems.add(
      top,
      `has no group ${shown(settings.group)}.${didYouMean(settings.group, [...inventory.groups.keys()])}`,
    );
  else if (hosts.length === 0)
    problems.add(inventory.groups.get(settings.group)?.at ?? top, `group ${shown(settings.group)} has no hosts`);
  else if (hosts.length > MAXIMUM_HOSTS)
    problems.add(top, `group ${shown(settings.group)} has more than ${MAXIMUM_HOSTS} hosts`);
  return (hosts ?? []).slice(0, MAXIMUM_HOSTS);
}

async function readInventory({ source, settings, problems, vaultPassword }: Reading): Promise<Inventory | null> {
  const paths = settings.inventory ? [settings.inventory] : INVENTORIES;
  for (const path of paths) {
    const text = await source.read(path);
    if (text === null) continue;
    if (!/\.ya?ml$/.test(path)) return inventoryOfIni(path, text, problems);
    const mapping = readYamlMapping(path, text, problems, vaultPassword);
    return mapping && inventoryOfYaml(mapping, problems);
  }
  throw missing(paths.join(' or '));
}

async function readVariables(path: string, reading: Reading, needed: boolean): Promise<ReadonlyMap<string, Entry>> {
  const text = await reading.source.read(path);
  if (text === null && needed) throw missing(path);
  if (text === null) return new Map();
  return readYamlMapping(path, text, reading.problems, reading.vaultPassword)?.entries ?? new Map<string, Entry>();
}

function missing(path: string): RedisopsError {
  return new RedisopsError('CONFIG_MISSING', `The repository has no ${path}.`, {
    hint: 'Is it a configuration repository? redisops.yml can name other paths.',
  });
}

interface ReadNode {
  name: string;
  at: Position;
  address: string;
  sshPort: number;
  sshUser: string | null;
  variables: NodeVariables;
}

async function readNode(
  host: InventoryHost,
  groupVariables: ReadonlyMap<string, Entry>,
  clusterVariables: ReadonlyMap<string, Entry>,
  reading: Reading,
): Promise<ReadNode> {
  const { problems, settings } = reading;
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i.test(host.name))
    problems.add(host.at, `${shown(host.name)} is not a host name`);
  const ownPath = `${settings.host_vars}/${host.name}.yml`;
  const safe = /^[\w.-]+$/.test(host.name) && !host.name.startsWith('.');
  const fromFile = safe ? await readVariables(ownPath, reading, false) : new Map<string, Entry>();
  const all = new Map([...host.groupVariables, ...groupVariables, ...host.hostVariables, ...fromFile]);
  refuseUnknown(all, problems);
  refuseClusterVariables(all, clusterVariables, problems);

  const take = <T, F>(name: string, read: (value: Value) => Read<T>, fallback: F): T | F => {
    const entry = all.get(name);
    if (!entry) return fallback;
    const result = read(entry.value);
    if (result.ok) return result.value;
    problems.add(entry.value.at, `${name} ${result.message}`);
    return fallback;
  };
  const given = take('ansible_host', readAddress, null);
  const address = given ?? (isIP(host.name) > 0 ? host.name : null);
  if (address === null && !all.has('ansible_host'))
    problems.add(host.at, `${shown(host.name)} has no ansible_host with its address`);
  return {
    name: host.name,
    at: host.at,
    address: address ?? '',
    sshPort: take('ansible_port', readPort, 22),
    sshUser: take('ansible_user', readUser, null),
    variables: readNodeVariables(all, problems),
  };
}

function readUser(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return /^[a-z_][\w.-]{0,31}\$?$/i.test(text.value)
    ? text
    : { ok: false, message: `must be a user name, not ${shownValue(value)}` };
}

function refuseTwins(nodes: readonly ReadNode[], problems: Problems): void {
  for (const [index, node] of nodes.entries()) {
    const twin = nodes
      .slice(0, index)
      .find(
        ({ address, variables }) =>
          address !== '' && sameAddress(address, node.address) && variables.port === node.variables.port,
      );
    if (twin) problems.add(node.at, `${shown(node.name)} has the address of ${shown(twin.name)}`);
  }
}

function masterOf(
  cluster: NodeVariables,
  nodes: readonly ReadNode[],
  variables: ReadonlyMap<string, Entry>,
  { problems, settings }: Reading,
): ReadNode | null {
  const top = { file: settings.group_vars, line: 1, column: 1 };
  const hostAt = variables.get('redis_master_host')?.value.at ?? top;
  const addressAt = variables.get('redis_master_ip')?.value.at ?? top;
  const { masterHost, masterAddress } = cluster;
  const byName = nodes.find(({ name }) => name === masterHost);
  const byAddress =
    masterAddress === null ? undefined : nodes.find(({ address }) => sameAddress(address, masterAddress));
  if (masterHost !== null && !byName) {
    problems.add(
      hostAt,
      `the master ${shown(masterHost)} is not in the inventory.${didYouMean(
        masterHost,
        nodes.map(({ name }) => name),
      )}`,
    );
    return null;
  }
  if (masterAddress !== null && nodes.length > 0 && !byAddress) {
    problems.add(addressAt, `no host of the inventory has the master’s address ${masterAddress}`);
    return null;
  }
  if (byName && byAddress && byName !== byAddress) {
    problems.add(addressAt, `is the address of ${byAddress.name}, but redis_master_host is ${byName.name}`);
    return null;
  }
  const master = byName ?? byAddress ?? (cluster.replication ? null : (nodes[0] ?? null));
  if (!master && nodes.length > 0 && problems.found.length === 0)
    problems.add(top, 'replication is on, but redis_master_host is missing');
  return master;
}

function desiredNode(node: ReadNode, master: ReadNode, cluster: NodeVariables, count: number): DesiredNode {
  const { variables } = node;
  const isReplica = cluster.replication && node !== master;
  const place = {
    address: node.address,
    replicaof: isReplica ? { host: master.address, port: master.variables.port } : null,
    replicas: cluster.replication ? count - 1 : 0,
  };
  const redis = { owner: 'redis', group: 'redis' };
  return {
    name: node.name,
    address: node.address,
    sshPort: node.sshPort,
    ...(node.sshUser === null ? {} : { sshUser: node.sshUser }),
    redisPort: variables.port,
    packageName: 'redis-server',
    unit: 'redis-server.service',
    dataDirectory: variables.folder,
    directories: [
      { path: variables.folder, ...redis, mode: '750' },
      { path: `${variables.folder}/appendonlydir`, ...redis, mode: '750' },
    ],
    redisConf: { path: '/etc/redis/redis.conf', ...redis, mode: '640', content: renderRedisConf(variables, place) },
    dropIn: {
      path: '/etc/systemd/system/redis-server.service.d/override.conf',
      owner: 'root',
      group: 'root',
      mode: '644',
      content: renderDropIn(variables.folder),
    },
  };
}

function policyOf(settings: ClusterSettings): Policy {
  return {
    ...(settings.channel === undefined ? {} : { channel: settings.channel }),
    requesters: settings.requesters,
    approvers: settings.approvers,
    allowOwnApproval: settings.allow_own_approval,
    approvalMinutes: settings.approval_minutes,
  };
}
