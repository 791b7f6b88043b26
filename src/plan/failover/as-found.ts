import type { WriteFile } from '../../domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { presentConf, type NodeFacts } from '../../domain/facts.ts';
import { presentFile, roleFiles } from '../hand-over/hand-over.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * The cluster with each node’s redis.conf as it is on the node. A failover changes roles and nothing else: what Git
 * changed since waits for `apply`.
 */
export function clusterAsFound(desired: DesiredCluster, observed: readonly NodeFacts[]): DesiredCluster {
  const factsOf = (name: string) => observed.find((facts) => facts.name === name);
  return { ...desired, nodes: desired.nodes.map((node) => nodeAsFound(node, factsOf(node.name))) };
}

/** The files that name another role than the one under that master; everything else in them stays. */
export function roleFilesAsFound(pairs: readonly Pair[], master: Pair, rewritten = false): readonly WriteFile[] {
  const asFound = (pair: Pair): Pair => ({ ...pair, desired: nodeAsFound(pair.desired, pair.facts) });
  const found = pairs.map((pair) => ({ pair, own: asFound(pair) }));
  const next = found.find(({ pair }) => pair === master)?.own;
  if (!next) return [];
  const files = new Map(found.map(({ own }) => [own, presentFile(own)]));
  const written = roleFiles(
    found.map(({ own }) => own),
    next,
    files,
    rewritten,
  );
  return written.map((action) => (action.adopts ? action : { ...action, reason: 'It names the role from before.' }));
}

/** The node with its redis.conf as it is on the node. */
export function nodeAsFound(node: DesiredNode, facts: NodeFacts | undefined): DesiredNode {
  const { redisConf } = node;
  const conf = facts?.reachable ? presentConf(facts.host, redisConf) : null;
  const file = facts?.reachable ? facts.host.files.get(redisConf.path) : undefined;
  if (!conf || !file?.exists) return node;
  const { owner, group, mode } = file;
  return { ...node, redisConf: { ...redisConf, owner, group, mode, content: conf } };
}
