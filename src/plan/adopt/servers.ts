import type { DesiredCluster } from '../../domain/desired.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import { chosenServer } from '../../domain/server/found.ts';
import { placedOn } from '../../domain/estate/placed.ts';

/**
 * The desired state with each node’s own server: the one that runs there, or is installed, unless Git names one and none
 * runs. Unread nodes, and nodes that are as expected, stay the same; so does the cluster if all of them are.
 */
export function onTheirServers(desired: DesiredCluster, observed: readonly NodeFacts[]): DesiredCluster {
  const nodes = desired.nodes.map((node) => {
    const facts = observed.find(({ name }) => name === node.name);
    const found = facts?.reachable ? facts.host.servers : undefined;
    return found ? placedOn(node, chosenServer(node, found)) : node;
  });
  return nodes.every((node, at) => node === desired.nodes[at]) ? desired : { ...desired, nodes };
}
