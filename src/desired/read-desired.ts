import type { DesiredCluster } from '../domain/desired.ts';
import { ConfigInvalid } from '../domain/error.ts';
import type { Secret } from '../domain/secret.ts';
import type { ConfigSource } from '../ports/git.ts';
import { desiredNode } from './cluster/desired-node.ts';
import { readEntry } from './cluster/read-entry.ts';
import { nominate } from './cluster/nominate.ts';
import { readCluster } from './cluster/read-cluster.ts';
import { readHosts } from './cluster/read-hosts.ts';
import { readNodes, refuseLoopback, refuseTwins } from './cluster/read-nodes.ts';
import { desiredSentinelHost, readSentinelHosts } from './cluster/sentinel-hosts.ts';
import { ParsedSource } from './source/parsed-source.ts';
import { Problems } from './source/problems.ts';
import { chooseCluster, limitsOf, readClusters } from './rules/clusters.ts';
import { policyOf } from './rules/read-rules.ts';

/**
 * The desired state of a cluster.
 * @throws CONFIG_INVALID with every mistake by file, line and column; CONFIG_MISSING; UNKNOWN_CLUSTER; USAGE if there
 * are several clusters and none was named. With `onlyPrints`, mistakes in what a template prints are no mistakes: the
 * files are for a reader, not for a node.
 */
export async function readDesired(
  from: ConfigSource,
  options: { cluster?: string; vaultPassword?: Secret; onlyPrints?: true },
): Promise<DesiredCluster> {
  const source = ParsedSource.of(from);
  const { name, settings } = chooseCluster(await readClusters(source), options.cluster);
  const problems = new Problems();
  const reading = { source, settings, problems, vaultPassword: options.vaultPassword };

  const hosts = await readHosts(reading);
  if (hosts.length === 0) throw new ConfigInvalid(problems.found);
  const cluster = readCluster(hosts, reading);
  const nodes = readNodes(hosts, cluster, problems);
  const others = await readSentinelHosts(hosts, cluster, reading);
  refuseTwins([...nodes, ...others], problems);
  refuseLoopback([...nodes, ...others], problems);
  const master = nominate(nodes, cluster, reading);
  const entry = await readEntry(reading);
  const fatal = options.onlyPrints ? problems.unprintable : problems.found;
  if (fatal.length > 0 || !master) throw new ConfigInvalid(fatal.length > 0 ? fatal : problems.found);

  const { replication, sentinel, password } = cluster;
  const masterauth = cluster.masterauth ?? password;
  const sentinels = nodes.filter(({ hasSentinel }) => hasSentinel).length + others.length;
  const membership = {
    cluster,
    master,
    size: nodes.length,
    name,
    sentinels,
    waitsForSentinel: settings.wait_for_sentinel,
    warnings: problems.warnings,
  };
  const sentinelHosts = others.flatMap((host) => desiredSentinelHost(host, membership));
  const isSaid = cluster.variables.has('redis_enable_sentinel');
  return {
    cluster: name,
    revision: source.revision,
    replication,
    sentinel,
    ...(isSaid && !sentinel ? { sentinelOff: true } : {}),
    nominatedMaster: master.name,
    ...(password ? { password } : {}),
    ...(masterauth ? { masterauth } : {}),
    ...(settings.allow_no_password ? {} : { needsPassword: true as const }),
    nodes: nodes.map((node) => desiredNode(node, membership)),
    ...(sentinelHosts.length === 0 ? {} : { sentinelHosts }),
    ...(entry ? { entry } : {}),
    policy: policyOf(settings),
    limits: limitsOf(settings),
    ...(options.onlyPrints ? { mistakes: problems.found } : {}),
  };
}
