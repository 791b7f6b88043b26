import type { PauseFailover } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { PauseGoal } from '../../domain/goal.ts';
import { beyondReach, leastQuorum, type SentinelWatch } from '../../domain/health/sentinel-watch.ts';
import type { Blocker, Plan } from '../../domain/plan.ts';
import { listed } from '../../domain/text/listed.ts';
import type { Roles } from '../roles/topology.ts';
import { pauseFailover } from './pause.ts';
import { resumeFailover } from './resume.ts';
import { disagreement } from './sentinels.ts';

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks'>;

/** What becomes part of the file and of a unit on the host. */
const PLAIN = /^[\w./:-]+$/;

/** Pauses every Sentinel at once: until the last one is paused, the others could still agree on a failover. */
export function planPause(goal: PauseGoal, desired: DesiredCluster, roles: Roles): Draft {
  const { watch } = roles;
  if (!watch) return { waves: [], blockers: [], risks: [] };
  const actions = watch.watchers.flatMap((watcher) => pauseFailover(watcher, goal, desired) ?? []);
  return {
    waves: actions.length === 0 ? [] : [{ actions }],
    blockers: [...disagreement(desired, roles), ...outOfReach(watch), ...oddNames(actions)],
    risks: [],
  };
}

/** Ends every pause there is. */
export function planResume({ watch }: Roles): Draft {
  const actions = watch?.watchers.flatMap((watcher) => resumeFailover(watcher) ?? []) ?? [];
  return { waves: actions.length === 0 ? [] : [{ actions }], blockers: [], risks: [] };
}

/** Sentinels that cannot be paused, if they are enough to call the master down: the paused ones still vote. */
function outOfReach(watch: SentinelWatch): readonly Blocker[] {
  const left = beyondReach(watch);
  const quorum = leastQuorum(watch);
  if (left.length === 0 || left.length < quorum) return [];
  return [
    {
      code: 'PAUSE_INCOMPLETE',
      node: null,
      message: `The ${left.length === 1 ? 'Sentinel' : 'Sentinels'} on ${listed(left)} cannot be paused, and could still start a failover (quorum ${quorum}).`,
      hint: 'Put their hosts into the inventory, or make them reachable, then pause again.',
    },
  ];
}

function oddNames(actions: readonly PauseFailover[]): readonly Blocker[] {
  return actions.flatMap(({ node, unit, path, pause }): readonly Blocker[] => {
    const odd = [unit, path, pause.master].find((each) => !PLAIN.test(each));
    if (odd === undefined) return [];
    return [
      {
        code: 'PAUSE_INCOMPLETE',
        node,
        message: `The timer that ends the pause cannot be written on ${node}: “${odd}” has characters that systemd would read otherwise.`,
        hint: 'Use letters, digits, dots, dashes and slashes only.',
      },
    ];
  });
}
