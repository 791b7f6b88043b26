import type { Action } from '../../domain/action.ts';
import type { Wave } from '../../domain/plan.ts';
import type { NodeChanges } from './node-changes.ts';

export interface NodeSteps {
  changes: NodeChanges;
  isMaster: boolean;
  /** REPLICAOF on a running node, and what follows it. */
  attach: readonly Action[];
  /** Waits for the link after a start or restart; empty for a master. */
  linked: readonly Action[];
}

/**
 * The order of changes. Stopped nodes disturb nobody: they are prepared together, the master starts, then its replicas
 * together, sharing one fork. Running replicas come first, disruptive ones one at a time (those without a link before
 * those with the data), the master last. If the replicas’ links depend on the master, it goes before everything that
 * waits for a link; its replicas get a new password (masterauth) before it requires it. Replicas that are still
 * synchronizing are awaited at the end, once the likely cause of the delay is fixed.
 */
export function wavesOf(all: readonly NodeSteps[]): readonly Wave[] {
  const nodes = all.map((node) => (node.changes.candidate ? withoutRestart(node) : node));
  const waves = wavesOfChanges(nodes);
  const waiting = nodes.filter((node) => hasNoLink(node) && !waitsIn(waves, node));
  const last = waiting.flatMap(({ linked }) => linked);
  return last.length > 0 ? [...waves, { actions: last }] : waves;
}

/** It is restarted once its role has moved, after all of this. */
function withoutRestart(node: NodeSteps): NodeSteps {
  return { ...node, changes: { ...node.changes, restart: [] } };
}

function hasNoLink({ changes: { pair } }: NodeSteps): boolean {
  return pair.redis?.role === 'replica' && pair.redis.master?.up !== true;
}

function waitsIn(waves: readonly Wave[], { changes: { pair } }: NodeSteps): boolean {
  const { name } = pair.desired;
  return waves.some(({ actions }) => actions.some(({ kind, node }) => kind === 'await-link' && node === name));
}

function wavesOfChanges(nodes: readonly NodeSteps[]): readonly Wave[] {
  const asleep = nodes.filter(({ changes }) => changes.start.length > 0);
  const awake = nodes.filter(({ changes }) => changes.start.length === 0);
  const masters = awake.filter(({ isMaster }) => isMaster);
  const replicas = awake.filter(({ isMaster }) => !isMaster);
  const ready = [
    asleep.flatMap(({ changes }) => changes.quiet),
    asleep.filter(({ isMaster }) => isMaster).flatMap(({ changes }) => changes.start),
  ];
  const started = asleep
    .filter(({ isMaster }) => !isMaster)
    .flatMap(({ changes, linked }) => [...changes.start, ...linked]);
  const waves = masters.some(carriesLinks)
    ? [...ready, replicas.flatMap(settledOf), ...masters.map(stepsOf), started, ...inTurn(replicas, linksOf)]
    : [...ready, started, ...inTurn(replicas, stepsOf), ...masters.map(stepsOf)];
  return waves.filter((actions) => actions.length > 0).flatMap(oneDisturbedNode);
}

type StepsOf = (node: NodeSteps) => readonly Action[];

/** Undisturbed nodes together, the others one at a time. */
function inTurn(nodes: readonly NodeSteps[], stepsOf: StepsOf): readonly (readonly Action[])[] {
  const disturbs = (node: NodeSteps) => stepsOf(node).some(({ disruptive }) => disruptive);
  const disturbing = nodes.filter(disturbs);
  return [
    nodes.filter((node) => !disturbs(node)).flatMap(stepsOf),
    ...disturbing.filter(hasNoLink).map(stepsOf),
    ...disturbing.filter((node) => !hasNoLink(node)).map(stepsOf),
  ];
}

/** The master’s directives that decide whether a replica can connect. */
const LINK_DIRECTIVES: ReadonlySet<string> = new Set(['bind', 'maxclients', 'port', 'protected-mode', 'requirepass']);

function carriesLinks({ changes }: NodeSteps): boolean {
  const directives = changes.live.flatMap((action) => (action.kind === 'config-set' ? action.changes : []));
  return changes.restart.length > 0 || directives.some(({ directive }) => LINK_DIRECTIVES.has(directive));
}

function stepsOf(node: NodeSteps): readonly Action[] {
  return [...settledOf(node), ...linksOf(node)];
}

function settledOf({ changes }: NodeSteps): readonly Action[] {
  return [...changes.quiet, ...changes.live];
}

/** The role first, then the file that names it: a restart reads it from there. */
function linksOf({ changes, attach, linked }: NodeSteps): readonly Action[] {
  if (changes.restart.length === 0) return [...attach, ...changes.roleFile];
  const attaching = attach.filter(({ kind }) => kind !== 'await-link');
  return [...attaching, ...changes.roleFile, ...changes.restart, ...linked];
}

/** Two nodes are never disturbed at once. */
function oneDisturbedNode(actions: readonly Action[]): readonly Wave[] {
  const disturbed = new Set(actions.filter(({ disruptive }) => disruptive).map(({ node }) => node));
  if (disturbed.size < 2) return [{ actions }];
  const names = [...new Set(actions.map(({ node }) => node))];
  return names.map((name) => ({ actions: actions.filter(({ node }) => node === name) }));
}
