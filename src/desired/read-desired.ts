import type { DesiredCluster } from '../domain/desired.ts';
import { ConfigInvalid } from '../domain/error.ts';
import type { Secret } from '../domain/secret.ts';
import { nodeOfConf, nominatedByConfs, withConfs } from './confs/cluster-confs.ts';
import { hostsOf, inventoriesOf, missing, placesOf, readInventory } from './inventory/cluster-inventory.ts';
import type { Rendering } from './confs/cluster-template.ts';
import { chooseCluster, limitsOf, readClusters } from './rules/clusters.ts';
import { desiredNode } from './desired-node.ts';
import { readLayers, renderingOf, type HostLayers } from './variables/host-layers.ts';
import { HostVariables } from './variables/host-variables.ts';
import {
  known,
  ofClusterOnly,
  readClusterVariables,
  readNodeVariables,
  refuseClusterVariables,
  refuseDifferences,
  refuseUnknown,
  type Variables,
} from './variables/node-variables.ts';
import { nominatedMaster } from './confs/nominated-master.ts';
import { readConfs, readSentinels } from './confs/printed-confs.ts';
import { Problems } from './problems.ts';
import { readNode, refuseDeafNodes, refuseLoopback, refuseTwins } from './read-node.ts';
import { policyOf } from './rules/read-rules.ts';
import { RepositoryVariables } from './variables/repository-variables.ts';
import { refuseDifferentTexts, resolved } from './variables/resolved-variables.ts';
import type { ConfigSource } from '../ports/git.ts';

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
  const files = new RepositoryVariables(
    reading,
    placesOf(settings, inventory?.file ?? inventoriesOf(settings)[0] ?? ''),
  );
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
    resolved(ofHosts[index] ?? new Map(), hostVariables(layers[index]?.host.name ?? '', rendering), problems);
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
    const all = new Map([
      ...(ofCluster[index] ?? []),
      ...resolved(known(own), hostVariables(host.name, rendering), problems),
    ]);
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

function hostVariables(host: string, { all, reading }: Rendering): HostVariables {
  return new HostVariables(host, all, reading);
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
