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
import { nodeOfConf, nominatedByConfs, withConfs } from './cluster-confs.ts';
import { includedFiles, includeFolder, readTemplate, renderFor, roleOf, type Rendering } from './cluster-template.ts';
import { readLayers, renderingOf, type HostLayers } from './host-layers.ts';
import { HostVariables } from './host-variables.ts';
import type { RenderedTemplate } from './jinja/template.ts';
import { inventoryOfIni } from './inventory-ini.ts';
import { inventoryOfYaml } from './inventory-yaml.ts';
import type { Inventory, InventoryHost } from './inventory.ts';
import {
  known,
  ofClusterOnly,
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
import { readNode, refuseDeafNodes, refuseLoopback, refuseTwins } from './read-node.ts';
import { RepositoryVariables, variablePlaces, type Places } from './repository-variables.ts';
import { refuseDifferentTexts, resolved } from './resolved-variables.ts';
import { readSentinelConf, type SentinelConf } from './sentinel-conf.ts';
import { readTemplateConf, type TemplateConf } from './template-conf.ts';
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
  const inventories = inventoriesOf(settings);
  const templates = [settings.template, settings.sentinel_template].filter((path) => path !== undefined);
  const files = [CLUSTERS_FILE, settings.group_vars, ...inventories, ...templates];
  const places = inventories.flatMap((inventory) =>
    [settings.template, ...templates].map((template) => variablePlaces(placesOf(settings, inventory, template))),
  );
  const folders = places.flatMap(({ hosts, roles }) => [...hosts, ...roles]);
  // Files of groups: whose they are, the inventory says.
  const ofGroups = places.flatMap(({ groups }) => groups);
  const isPlain = (path: string): boolean => files.includes(path) || isWithin(path, folders);
  const included = await includedPaths(
    source,
    templates,
    paths.filter((path) => !isPlain(path)),
  );
  const asks = paths.some((path) => !isPlain(path) && isWithin(path, ofGroups));
  const groups = asks ? await groupsAround(source, settings) : null;
  const isOfGroup = (path: string): boolean =>
    isWithin(path, ofGroups) && (groups === null || ofGroups.some((folder) => groups.has(groupOf(path, folder))));
  return paths.filter((path) => isPlain(path) || isOfGroup(path) || included.has(path));
}

/** Files that the templates include; not looked for where none of the paths can be one. */
async function includedPaths(
  source: ConfigSource,
  templates: readonly string[],
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const template of templates) {
    if (!paths.some((path) => isWithin(path, [includeFolder(template)]))) continue;
    const problems = new Problems();
    const file = await readFile(source, template, problems);
    const files = file.state === 'read' ? await includedFiles(source, template, file.text, problems) : new Map();
    for (const { path } of files.values()) found.add(path);
  }
  return found;
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

function groupOf(path: string, folder: string): string {
  const [name = ''] = path.slice(folder.length + 1).split('/');
  return path.startsWith(`${folder}/`) ? name.replace(/\.(?:ya?ml|json)$/, '') : '';
}

/** The groups that the cluster’s hosts are in; null where the inventory cannot be read. */
async function groupsAround(source: ConfigSource, settings: ClusterSettings): Promise<ReadonlySet<string> | null> {
  const reading = { source, settings, problems: new Problems(), vaultPassword: undefined };
  const inventory = await readInventory(reading).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'CONFIG_MISSING') return null;
    throw error;
  });
  const hosts = inventory?.hostsOf(settings.group);
  return hosts ? new Set(['all', ...hosts.flatMap(({ groups }) => groups)]) : null;
}

function placesOf(settings: ClusterSettings, inventory: string, template = settings.template): Places {
  return {
    inventory,
    group: settings.group,
    groupVariables: settings.group_vars,
    hostVariables: settings.host_vars,
    role: roleOf(template),
  };
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

  const inventory = await readInventory(reading);
  const hosts = inventory ? hostsOf(inventory, reading) : [];
  const files = new RepositoryVariables(reading, placesOf(settings, inventory?.file ?? INVENTORIES[0] ?? ''));
  if (!(await files.hasGroup())) throw missing(settings.group_vars);
  const layers = await readLayers(hosts, files);
  const ofHosts = await clusterVariables(layers, files, problems);
  if (settings.template === undefined)
    for (const { ofGroups, own } of layers) for (const variables of [ofGroups, own]) refuseUnknown(variables, problems);
  for (const { own } of layers) refuseClusterVariables(own, problems);
  const sameSource = refuseDifferences(ofHosts, problems);

  const rendering = renderingOf(inventory, layers);
  const confs = await readConfs(layers, rendering, reading);
  const sentinels = await readSentinels(inventory, layers, rendering, reading);
  const resolvedOf = (index: number): Variables =>
    resolved(ofHosts[index] ?? new Map(), namesOf(layers[index]?.host.name ?? '', rendering), problems);
  const ofCluster = layers.map((_, index) => resolvedOf(index));
  if (sameSource) refuseDifferentTexts(ofCluster.map(ofClusterOnly), problems);
  const firstOfCluster = ofCluster[0] ?? resolvedOf(0);
  const cluster = withConfs(
    readClusterVariables(firstOfCluster, problems),
    firstOfCluster,
    confs,
    settings.template ?? '',
    problems,
  );
  // Without hosts, what is wrong for all of them is said all the same.
  if (hosts.length === 0) readNodeVariables(firstOfCluster, problems);

  const nodes = layers.map(({ host, own }, index) => {
    const names = namesOf(host.name, rendering);
    const all = new Map([...(ofCluster[index] ?? []), ...resolved(known(own), names, problems)]);
    const conf = confs?.[index];
    if (conf) return nodeOfConf(host, all, conf, problems);
    const node = readNode(host, all, problems);
    if (cluster.replication) refuseDeafNodes(node, all, problems);
    return node;
  });
  refuseTwins(nodes, problems);
  refuseLoopback(nodes, problems);
  const nominated = nominatedByConfs(cluster, firstOfCluster, nodes, confs ?? []);
  const master = nominatedMaster(nominated.cluster, nodes, nominated.variables, settings.group_vars, problems);
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
    nodes: nodes.map((node, index) => {
      const printed = { conf: confs?.[index], sentinel: sentinels?.[index] };
      return desiredNode(node, master, cluster, nodes.length, printed);
    }),
    policy: policyOf(settings),
    limits: limitsOf(settings),
  };
}

function hostsOf(inventory: Inventory, { settings, problems }: Reading): readonly InventoryHost[] {
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

function namesOf(host: string, { all, budget, secrets }: Rendering): HostVariables {
  return new HostVariables(host, all, budget, secrets);
}

/** What the repository’s template makes for each host; null where there is none, or where it cannot be rendered. */
async function readConfs(
  layers: readonly HostLayers[],
  rendering: Rendering,
  reading: Reading,
): Promise<readonly TemplateConf[] | null> {
  return readPrinted(reading.settings.template, layers, rendering, reading, readTemplateConf);
}

/** The same for sentinel.conf. Its template may be of another role, with variables of its own. */
async function readSentinels(
  inventory: Inventory | null,
  layers: readonly HostLayers[],
  rendering: Rendering,
  reading: Reading,
): Promise<readonly SentinelConf[] | null> {
  const { template, sentinel_template: own } = reading.settings;
  if (own === undefined || !inventory) return null;
  if (roleOf(own) === roleOf(template)) return readPrinted(own, layers, rendering, reading, readSentinelConf);
  const files = new RepositoryVariables(reading, placesOf(reading.settings, inventory.file, own));
  const others = await readLayers(
    layers.map(({ host }) => host),
    files,
  );
  return readPrinted(own, others, renderingOf(inventory, others, rendering), reading, readSentinelConf);
}

async function readPrinted<T>(
  template: string | undefined,
  layers: readonly HostLayers[],
  rendering: Rendering,
  { source, problems }: Reading,
  read: (file: string, made: RenderedTemplate, secrets: readonly string[], problems: Problems) => T,
): Promise<readonly T[] | null> {
  const text = template === undefined ? null : await readTemplate(source, template, problems);
  if (template === undefined || text === null) return null;
  const rendered = layers.map(({ host }) => renderFor(host.name, text, rendering, problems));
  const made = rendered.filter((each) => each !== null);
  if (made.length < rendered.length) return null;
  return made.map((each) => read(template, each, rendering.secrets.all, problems));
}

/** The `redis_*` variables of groups, for each host; once where there are no hosts. */
async function clusterVariables(
  layers: readonly HostLayers[],
  files: RepositoryVariables,
  problems: Problems,
): Promise<readonly Variables[]> {
  if (layers.length > 0) return layers.map(({ ofGroups }) => known(ofGroups));
  const ofGroup = await files.ofGroup();
  refuseUnknown(ofGroup, problems);
  return [known(ofGroup)];
}

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
    ...(settings.show_key_names ? { showKeyNames: true as const } : {}),
    ...(settings.may_lose_data.length === 0 ? {} : { mayLoseData: settings.may_lose_data }),
    ...(settings.freeze.length === 0 ? {} : { freeze: settings.freeze }),
    ...(settings.people.size === 0 ? {} : { people: settings.people }),
  };
}
