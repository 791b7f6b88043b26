import type { DesiredCluster } from '../domain/desired.ts';
import { ConfigInvalid, RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Policy } from '../domain/policy.ts';
import type { Secret } from '../domain/secret.ts';
import type { ConfigSource } from '../ports.ts';
import {
  CLUSTERS_FILE,
  chooseCluster,
  driftInterval,
  limitsOf,
  readClusters,
  type ClusterSettings,
} from './clusters.ts';
import { desiredNode } from './desired-node.ts';
import { inventoryOfIni } from './inventory-ini.ts';
import { inventoryOfYaml } from './inventory-yaml.ts';
import type { Inventory, InventoryHost } from './inventory.ts';
import {
  known,
  readClusterVariables,
  readNodeVariables,
  refuseClusterVariables,
  refuseDifferences,
  refuseUnknown,
  type Variables,
} from './node-variables.ts';
import { nominatedMaster } from './nominated-master.ts';
import { Problems, shown } from './problems.ts';
import { readFile } from './read-file.ts';
import { isHostName, readNode, refuseDeafNodes, refuseLoopback, refuseTwins } from './read-node.ts';
import { readYamlMapping } from './yaml-mapping.ts';

const INVENTORIES = ['ansible/inventory/hosts.yml', 'ansible/inventory/hosts.ini'];
const MOST_HOSTS = 100;

/** @throws CONFIG_INVALID */
export async function clustersOf(source: ConfigSource): Promise<readonly string[]> {
  return [...(await readClusters(source)).keys()];
}

/**
 * Who may do what on the cluster, and nothing else of it; null where the repository has no such cluster.
 * @throws CONFIG_INVALID for mistakes in redisops.yml.
 */
export async function readPolicy(source: ConfigSource, cluster: string): Promise<Policy | null> {
  const settings = (await readClusters(source)).get(cluster);
  return settings ? policyOf(settings) : null;
}

/** How the cluster is watched for drift; and who is told, with whose leave. */
export interface DriftWatch {
  /** Milliseconds from one look to the next; null for never. */
  everyMs: number | null;
  /** Whether redisops applies by itself. */
  apply: boolean;
  policy: Policy;
}

/**
 * Null where the repository has no such cluster.
 * @throws CONFIG_INVALID for mistakes in redisops.yml.
 */
export async function readDriftWatch(source: ConfigSource, cluster: string): Promise<DriftWatch | null> {
  const settings = (await readClusters(source)).get(cluster);
  return settings
    ? { everyMs: driftInterval(settings), apply: settings.drift.apply, policy: policyOf(settings) }
    : null;
}

/**
 * Whether a merge whose result is not healthy is rolled back without asking.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER
 */
export async function readRollback(source: ConfigSource, cluster: string): Promise<boolean> {
  return chooseCluster(await readClusters(source), cluster).settings.rollback;
}

export type DirectPushes = ClusterSettings['direct_pushes'];

/**
 * What becomes of a push without a pull request.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER
 */
export async function readDirectPushes(source: ConfigSource, cluster: string): Promise<DirectPushes> {
  return chooseCluster(await readClusters(source), cluster).settings.direct_pushes;
}

/** An earlier commit’s configuration under the present rules: redisops.yml is not rolled back. */
export function underRulesOf(head: ConfigSource, earlier: ConfigSource): ConfigSource {
  return {
    revision: earlier.revision,
    read: (path) => (path === CLUSTERS_FILE ? head : earlier).read(path),
    list: (folder) => earlier.list(folder),
  };
}

/**
 * Whether any of the changed paths is one that the cluster is read from.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER
 */
export async function touchesCluster(
  source: ConfigSource,
  cluster: string,
  changedPaths: readonly string[],
): Promise<boolean> {
  return (await managedPaths(source, cluster, changedPaths)).length > 0;
}

/**
 * Those of the paths that the cluster is read from.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER
 */
export async function managedPaths(
  source: ConfigSource,
  cluster: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const { settings } = chooseCluster(await readClusters(source), cluster);
  const files = [CLUSTERS_FILE, settings.group_vars, ...inventoriesOf(settings)];
  return paths.filter((path) => files.includes(path) || path.startsWith(`${settings.host_vars}/`));
}

/**
 * Who may do what on a cluster. Reads no more than redisops.yml.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER; USAGE where there are several clusters and none was named.
 */
export async function policyOfCluster(
  source: ConfigSource,
  cluster: string | undefined,
): Promise<Pick<DesiredCluster, 'cluster' | 'policy'>> {
  const { name, settings } = chooseCluster(await readClusters(source), cluster);
  return { cluster: name, policy: policyOf(settings) };
}

function inventoriesOf({ inventory }: ClusterSettings): readonly string[] {
  return inventory === undefined ? INVENTORIES : [inventory];
}

interface Reading {
  source: ConfigSource;
  settings: ClusterSettings;
  problems: Problems;
  vaultPassword: Secret | undefined;
}

/**
 * What Git asks of a cluster.
 * @throws CONFIG_INVALID with every mistake by file, line and column; CONFIG_MISSING; UNKNOWN_CLUSTER; USAGE where there
 * are several clusters and none was named.
 */
export async function readDesired(
  source: ConfigSource,
  options: { cluster?: string; vaultPassword?: Secret },
): Promise<DesiredCluster> {
  const { name, settings } = chooseCluster(await readClusters(source), options.cluster);
  const problems = new Problems();
  const reading = { source, settings, problems, vaultPassword: options.vaultPassword };

  const hosts = await readHosts(reading);
  const ofGroup = await readGroupVariables(reading);
  for (const variables of [ofGroup, ...hosts.map(({ groupVariables }) => groupVariables)])
    refuseUnknown(variables, problems);
  const ofHosts = hosts.map(({ groupVariables }) => new Map([...known(groupVariables), ...known(ofGroup)]));
  refuseDifferences(ofHosts, problems);
  const ofCluster = ofHosts[0] ?? known(ofGroup);
  const cluster = readClusterVariables(ofCluster, problems);
  // Without hosts, what is wrong for all of them is said all the same.
  if (hosts.length === 0) readNodeVariables(ofCluster, problems);

  const nodes = [];
  for (const [index, host] of hosts.entries()) {
    const own = await readOwnVariables(host, reading);
    refuseUnknown(own, problems);
    const all = new Map([...(ofHosts[index] ?? []), ...known(own)]);
    const node = readNode(host, all, problems);
    if (cluster.replication) refuseDeafNodes(node, all, problems);
    nodes.push(node);
  }
  refuseTwins(nodes, problems);
  refuseLoopback(nodes, problems);
  const master = nominatedMaster(cluster, nodes, ofCluster, settings.group_vars, problems);
  if (problems.found.length > 0 || !master) throw new ConfigInvalid(problems.found);

  const { password } = cluster;
  const masterauth = cluster.masterauth ?? password;
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
    limits: limitsOf(settings),
  };
}

async function readHosts(reading: Reading): Promise<readonly InventoryHost[]> {
  const { problems, settings } = reading;
  const inventory = await readInventory(reading);
  if (!inventory) return [];
  const top = { file: inventory.file, line: 1, column: 1 };
  const hosts = inventory.hostsOf(settings.group);
  if (hosts === null) problems.add(top, noGroup(inventory, settings.group));
  else if (hosts.length === 0)
    problems.add(inventory.groups.get(settings.group)?.at ?? top, `group ${shown(settings.group)} has no hosts`);
  else if (hosts.length > MOST_HOSTS)
    problems.add(top, `group ${shown(settings.group)} has more than ${MOST_HOSTS} hosts`);
  return (hosts ?? []).slice(0, MOST_HOSTS);
}

function noGroup({ groups }: Inventory, wanted: string): string {
  const names = [...groups.keys()].filter((name) => name !== 'all' && name !== 'ungrouped');
  const there = names.length === 0 ? 'It has none.' : `It has ${names.slice(0, 5).map(shown).join(', ')}.`;
  return `has no group ${shown(wanted)}.${didYouMean(wanted, names)} ${there} redisops.yml can name another one`;
}

/** @throws CONFIG_MISSING */
async function readInventory(reading: Reading): Promise<Inventory | null> {
  const { source, settings, problems } = reading;
  const paths = inventoriesOf(settings);
  for (const path of paths) {
    const file = await readFile(source, path, problems);
    if (file.state === 'absent') continue;
    if (file.state === 'unreadable') return null;
    const inventory = inventoryOf(path, file.text, reading);
    return inventory?.refuseOversize(problems) ? null : inventory;
  }
  throw missing(paths.join(' or '));
}

function inventoryOf(path: string, text: string, { problems, vaultPassword }: Reading): Inventory | null {
  if (!/\.ya?ml$/.test(path)) return inventoryOfIni(path, text, problems);
  const mapping = readYamlMapping(path, text, problems, vaultPassword);
  return mapping && inventoryOfYaml(mapping, problems);
}

/** @throws CONFIG_MISSING */
async function readGroupVariables(reading: Reading): Promise<Variables> {
  const variables = await readVariables(reading.settings.group_vars, reading);
  if (variables === 'absent') throw missing(reading.settings.group_vars);
  return variables;
}

async function readOwnVariables(host: InventoryHost, reading: Reading): Promise<Variables> {
  // Other names are complained of, and lead nowhere.
  const path = `${reading.settings.host_vars}/${host.name}.yml`;
  const fromFile = isHostName(host.name) ? await readVariables(path, reading) : 'absent';
  const own = new Map([...host.hostVariables, ...(fromFile === 'absent' ? [] : fromFile)]);
  refuseClusterVariables(own, reading.problems);
  return own;
}

/** None where the file has mistakes. */
async function readVariables(
  path: string,
  { source, problems, vaultPassword }: Reading,
): Promise<Variables | 'absent'> {
  const file = await readFile(source, path, problems);
  if (file.state === 'absent') return 'absent';
  const mapping = file.state === 'read' ? readYamlMapping(path, file.text, problems, vaultPassword) : null;
  return mapping?.entries ?? new Map();
}

function missing(path: string): RedisopsError {
  return new RedisopsError('CONFIG_MISSING', `The repository has no ${path}.`, {
    hint: 'Is it a configuration repository? redisops.yml can name other paths.',
  });
}

function policyOf(settings: ClusterSettings): Policy {
  return {
    ...(settings.channel === undefined ? {} : { channel: settings.channel }),
    requesters: settings.requesters,
    approvers: settings.approvers,
    allowOwnApproval: settings.allow_own_approval,
    approvalMinutes: settings.approval_minutes,
    ...(settings.hand_back ? {} : { handBack: false as const }),
    ...(settings.freeze.length === 0 ? {} : { freeze: settings.freeze }),
    ...(settings.people.size === 0 ? {} : { people: settings.people }),
  };
}
