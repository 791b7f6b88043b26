import type { Action, HandOver } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import { hasActions, type Blocker, type Wave } from '../../domain/plan.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import { lockedFileBlockers } from '../host/locked-files.ts';
import { linkBlockers } from '../host/links.ts';
import { movedBySentinel, pauseOf, runningSetting, throughSentinel } from '../hand-over/through-sentinel.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { pairNamed } from '../synchronize/resync.ts';
import { olderFollowers } from '../synchronize/snapshots.ts';
import { roleFilesAsFound } from './as-found.ts';
import { assess, bestOf, candidateRows, type Assessment, type RunningMaster } from './candidates.ts';
import { comparisonRisks } from './comparison.ts';
import type { FailoverDraft } from './failover.ts';

const NOTHING: FailoverDraft = { waves: [], blockers: [], risks: [] };

/** The running master hands its role to the named node, or to the best candidate, and becomes its replica. */
export function planPlanned(
  { node }: FailoverGoal,
  { nominatedMaster }: DesiredCluster,
  roles: Roles,
  previousMaster: string | null,
): FailoverDraft {
  const named = node === undefined ? null : pairNamed(node, roles);
  const { master } = roles;
  if (!master?.redis || !roles.observed) return { ...NOTHING, blockers: withoutMaster(roles) };
  if (named === master) return { ...NOTHING, waves: finish(master, previousMaster, roles) };
  const running = { pair: master, redis: master.redis };
  const assessments = assess(running, roles);
  const candidates = candidateRows(assessments);
  const target = named ?? bestOf(assessments, nominatedMaster);
  const blockers = target ? targetBlockers(target, running, assessments) : [nobody(assessments)];
  if (!target) return { ...NOTHING, blockers, candidates };
  const files = roleFilesAsFound(roles.pairs, target, movedBySentinel(roles) === 'sentinel');
  const older = olderFollowers(target, master, roles);
  return {
    waves: [{ actions: [handOverTo(target, master, roles)] }, { actions: files }].filter(hasActions),
    blockers: [...blockers, ...older.blockers, ...fileBlockers(files, roles)],
    risks: [...comparisonRisks(running, target, roles), ...older.risks],
    candidates,
  };
}

/** After an interrupted run: the hand-over again, which re-points the replicas left behind, and the files. */
function finish(master: Pair, previousMaster: string | null, roles: Roles): readonly Wave[] {
  const previous = roles.pairs.find(({ desired }) => desired.name === previousMaster);
  const again = previous?.redis && previous !== master ? [handOverTo(master, previous, roles)] : [];
  return [
    { actions: again },
    { actions: roleFilesAsFound(roles.pairs, master, movedBySentinel(roles) === 'sentinel') },
  ].filter(hasActions);
}

function handOverTo({ desired: to }: Pair, { desired: from }: Pair, roles: Roles): HandOver {
  const sentinel = throughSentinel(from.name, roles, runningSetting);
  const pause = pauseOf(sentinel);
  return {
    kind: 'hand-over',
    node: from.name,
    summary: `Hand the master’s role to ${to.name}, for good`,
    disruptive: true,
    reason: `${pause} ${from.name} becomes a replica of ${to.name}.`,
    to: { name: to.name, ...endpointOf(to) },
    home: to.name,
    ...(sentinel ? { sentinel } : {}),
  };
}

function targetBlockers(
  target: Pair,
  { redis: master }: RunningMaster,
  assessments: readonly Assessment[],
): readonly Blocker[] {
  const obstacles = assessments.find(({ pair }) => pair === target)?.obstacles ?? [];
  // An interrupted hand-over leaves the candidate promoted; the hand-over itself attaches it again.
  const isPromoted = target.redis?.role === 'master' && isUntouchedCopy(target.redis, master);
  if (obstacles.length === 0 || isPromoted) return [];
  const { name } = target.desired;
  const others = assessments.filter((each) => each.obstacles.length === 0).map(({ pair }) => pair.desired.name);
  const way = others.length > 0 ? `Or take another: ${others.map((other) => `\`failover ${other}\``).join(', ')}.` : '';
  return [
    {
      code: 'NO_CANDIDATE',
      node: name,
      message: `${name} cannot take the master’s role: ${obstacles.join('; ')}.`,
      hint: `Fix that first; \`doctor\` looks for the cause. ${way}`.trim(),
    },
  ];
}

function nobody(assessments: readonly Assessment[]): Blocker {
  const why = assessments.map(({ pair, obstacles }) => `${pair.desired.name} ${obstacles.join(', ')}`);
  return {
    code: 'NO_CANDIDATE',
    node: null,
    message: `No node can take the master’s role: ${why.join('; ')}.`,
    hint: 'Fix one of these first; `doctor` looks for the cause.',
  };
}

/** Other blockers say why where there are replicas without a master. */
function withoutMaster({ blockers }: Roles): readonly Blocker[] {
  if (blockers.length > 0) return [];
  const hint = '`apply` starts the cluster, with the master that Git nominates.';
  return [
    { code: 'MASTER_UNKNOWN', node: null, message: 'No running master was found: there is no role to move.', hint },
  ];
}

export function fileBlockers(files: readonly Action[], { pairs }: Roles): readonly Blocker[] {
  return pairs.flatMap(({ desired, facts }) => {
    const own = files.filter(({ node }) => node === desired.name);
    return facts.reachable ? [...linkBlockers(own, facts.host), ...lockedFileBlockers(own, facts.host)] : [];
  });
}
