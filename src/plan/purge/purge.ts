import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { PurgeGoal } from '../../domain/goal.ts';
import type { Blocker, Plan, Risk, Wave } from '../../domain/plan.ts';
import { clusterBlockers } from '../guards/cluster.ts';
import { cureFailedSaves } from './cure-failed-saves.ts';
import { copyBlockers, readinessBlockers } from './guard.ts';
import { unreadBlockers } from '../guards/reading.ts';
import { deleteAside } from './delete-aside.ts';
import { moveAside } from './move-aside.ts';
import { remainsOf, type NodeRemains } from './remains.ts';
import { pairNamed } from '../synchronize/resync.ts';
import type { Roles } from '../roles/topology.ts';

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks'>;

/**
 * Removes persistence files that no Redis uses: moves them aside node by node, replicas first, then deletes them in the
 * same order, verifying the cluster each time right before. First fixes a node that refuses writes because its saves
 * fail.
 */
export function planPurge(goal: PurgeGoal, desired: DesiredCluster, roles: Roles): Draft {
  const targets = goal.node === undefined ? roles.pairs : [pairNamed(goal.node, roles)];
  const found = targets.map((pair) => remainsOf(pair, cureFailedSaves(pair, desired, roles)));
  const risks = found.flatMap(risksOf);
  // Unknown is not absent. If there is nothing to purge, nothing else blocks.
  const unread = unreadBlockers(targets);
  if (found.every(({ pending }) => !pending)) return { waves: [], blockers: unread, risks };
  return { waves: wavesOf(found, roles), blockers: blockersOf(found, desired, roles), risks };
}

function blockersOf(found: readonly NodeRemains[], desired: DesiredCluster, roles: Roles): readonly Blocker[] {
  return [
    ...unreadBlockers(roles.pairs),
    ...roles.blockers,
    ...clusterBlockers(desired, roles),
    ...readinessBlockers(desired, roles),
    ...found.flatMap((each) => copyBlockers(each, desired, roles)),
  ];
}

/** One node at a time, the master last. */
function wavesOf(found: readonly NodeRemains[], { master }: Roles): readonly Wave[] {
  const inOrder = [...found.filter(({ pair }) => pair !== master), ...found.filter(({ pair }) => pair === master)];
  const cures = inOrder.flatMap(({ cure }): readonly Action[] => cure);
  return [
    ...(cures.length > 0 ? [{ actions: cures }] : []),
    ...inOrder.filter(({ unused }) => unused.length > 0).map((each) => ({ actions: [moveAside(each)] })),
    ...inOrder.filter(hasToDelete).map((each) => ({ actions: [deleteAside(each)] })),
  ];
}

function hasToDelete({ unused, aside, folders }: NodeRemains): boolean {
  return unused.length + aside.length + folders.length > 0;
}

function risksOf({ pair, cure, kept }: NodeRemains): readonly Risk[] {
  const node = pair.desired.name;
  const cured = `Saves fail on ${node}, and Git wants none: saving is switched off first, so that it accepts writes again and uses no snapshot.`;
  return [
    ...(cure.length > 0 ? [{ code: null, node, message: cured }] : []),
    ...kept.map(({ path, why }) => ({ code: null, node, message: `${path} stays: ${why}.` })),
  ];
}
