import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import type { Variables } from '../variables/node-variables.ts';
import type { Cluster } from './read-cluster.ts';
import type { HostReading } from './host-reading.ts';
import { readNode, type Connection, type NodeReading } from './read-node.ts';

/** Turns hosts into nodes; anything that prevents a cluster becomes a problem. */
export function readNodes(hosts: readonly HostReading[], cluster: Cluster, problems: Problems): readonly NodeReading[] {
  const runsSentinel = sentinelGroup(hosts, cluster);
  const nodes = hosts.map((host) => {
    const node = readNode(host, runsSentinel, problems);
    if (cluster.replication && !host.conf) refuseUnheard(node, host.variables.all, problems);
    return node;
  });
  return nodes;
}

/** Which hosts of the cluster run Sentinel: those of redis_sentinel_group; without one, all. */
function sentinelGroup(hosts: readonly HostReading[], { sentinels: { group } }: Cluster): (host: string) => boolean {
  if (group === null) return () => true;
  const members = hosts[0]?.groups.get(group) ?? [];
  return (host) => members.includes(host);
}

const EVERYWHERE = ['*', '0.0.0.0', '::', '::*', '-::*'];

/** With replication, a node must listen where the others connect. */
function refuseUnheard(node: NodeReading, variables: Variables, problems: Problems): void {
  const { bind } = node.variables;
  const entry = variables.get('redis_bind');
  if (!bind || !entry || node.address === '') return;
  if (bind.some((word) => EVERYWHERE.includes(word) || word.replace(/^-/, '') === node.address)) return;
  problems.add(
    entry.value.at,
    `redis_bind lacks the address of ${node.name}, ${node.address}: the other nodes would not reach it`,
  );
}

/** Two names for one host: each would undo the other’s changes. */
export function refuseTwins(nodes: readonly Connection[], problems: Problems): void {
  for (const [index, node] of nodes.entries()) {
    const others = nodes.slice(0, index);
    const sameAddress = others.find(({ address }) => address !== '' && address === node.address);
    if (sameAddress) problems.add(node.at, `${quoted(node.name)} has the address of ${quoted(sameAddress.name)}`);
    const sameName = others.find(({ name }) => name.toLowerCase() === node.name.toLowerCase());
    if (sameName) problems.add(node.at, `${quoted(node.name)} and ${quoted(sameName.name)} differ in case only`);
  }
}

/** Loopback is local to each host: others cannot reach it. */
export function refuseLoopback(nodes: readonly Connection[], problems: Problems): void {
  if (nodes.length < 2) return;
  for (const { name, at, address } of nodes)
    if (/^127\.|^::1$/.test(address))
      problems.add(at, `${quoted(name)} has the loopback address ${address}: the other hosts do not reach it there`);
}
