import type { Action } from '../domain/action.ts';
import type { Wave } from '../domain/plan.ts';
import type { NodeChanges } from './node-changes.ts';

export interface NodeSteps {
  changes: NodeChanges;
  isMaster: boolean;
  /** REPLICAOF on a running node, and what follows it. */
  attach: readonly Action[];
  /** What waits for the link after a start or a restart; empty for a master. */
  linked: readonly Action[];
}

/**
 * The order. Nodes that do not run disturb nobody: they are made ready together, the master starts, then its replicas
 * together, sharing one fork. Of running nodes the replicas come first, those that disturb one at a time, and the master
 * last. A password that is new goes the same way: replicas know it (masterauth) before the master asks for it.
 */
export function wavesOf(nodes: readonly NodeSteps[]): readonly Wave[] {
  const asleep = nodes.filter(({ changes }) => changes.start.length > 0);
  const awake = nodes.filter(({ changes }) => changes.start.length === 0);
  const replicas = awake.filter(({ isMaster }) => !isMaster);
  const gentle = replicas.filter((node) => !disturbs(node));
  const waves = [
    asleep.flatMap(({ changes }) => changes.quiet),
    asleep.filter(({ isMaster }) => isMaster).flatMap(({ changes }) => changes.start),
    asleep.filter(({ isMaster }) => !isMaster).flatMap(({ changes, linked }) => [...changes.start, ...linked]),
    gentle.flatMap(stepsOf),
    ...replicas.filter(disturbs).map(stepsOf),
    ...awake.filter(({ isMaster }) => isMaster).map(stepsOf),
  ];
  return waves.filter((actions) => actions.length > 0).flatMap(oneDisturbedNode);
}

function stepsOf({ changes, attach, linked }: NodeSteps): readonly Action[] {
  const restarted = changes.restart.length > 0 ? linked : [];
  return [...changes.quiet, ...changes.live, ...changes.restart, ...restarted, ...attach];
}

function disturbs(node: NodeSteps): boolean {
  return stepsOf(node).some(({ disruptive }) => disruptive);
}

/** Two nodes are never disturbed at once. */
function oneDisturbedNode(actions: readonly Action[]): readonly Wave[] {
  const disturbed = new Set(actions.filter(({ disruptive }) => disruptive).map(({ node }) => node));
  if (disturbed.size < 2) return [{ actions }];
  const names = [...new Set(actions.map(({ node }) => node))];
  return names.map((name) => ({ actions: actions.filter(({ node }) => node === name) }));
}
