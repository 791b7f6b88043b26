import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import type { Variables } from '../variables/node-variables.ts';
import type { Cluster } from './read-cluster.ts';
import type { HostReading } from './host-reading.ts';
import { readNode, type NodeReading } from './read-node.ts';

/** Turns hosts into nodes; anything that prevents a cluster becomes a problem. */
export function readNodes(
  hosts: readonly HostReading[],
  { replication }: Cluster,
  problems: Problems,
): readonly NodeReading[] {
  const nodes = hosts.map((host) => {
    const node = readNode(host, problems);
    if (replication && !host.conf) refuseUnheard(node, host.variables.all, problems);
    return node;
  });
  refuseTwins(nodes, problems);
  refuseLoopback(nodes, problems);
  return nodes;
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
function refuseTwins(nodes: readonly NodeReading[], problems: Problems): void {
  for (const [index, node] of nodes.entries()) {
    const others = nodes.slice(0, index);
    const sameAddress = others.find(({ address }) => address !== '' && address === node.address);
    if (sameAddress) problems.add(node.at, `${quoted(node.name)} has the address of ${quoted(sameAddress.name)}`);
    const sameName = others.find(({ name }) => name.toLowerCase() === node.name.toLowerCase());
    if (sameName) problems.add(node.at, `${quoted(node.name)} and ${quoted(sameName.name)} differ in case only`);
  }
}

/** Loopback is local to each host: others cannot reach it. */
function refuseLoopback(nodes: readonly NodeReading[], problems: Problems): void {
  if (nodes.length < 2) return;
  for (const { name, at, address } of nodes)
    if (/^127\.|^::1$/.test(address))
      problems.add(at, `${quoted(name)} has the loopback address ${address}: the other hosts do not reach it there`);
}
