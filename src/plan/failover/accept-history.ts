import type { DesiredCluster } from '../../domain/desired.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import { hasActions, type Blocker, type Candidate } from '../../domain/plan.ts';
import { masterDown } from '../guards/cluster.ts';
import { unreadBlockers } from '../guards/reading.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { pairNamed } from '../synchronize/resync.ts';
import { unreadObstacle } from './candidates.ts';
import type { FailoverDraft } from './failover.ts';
import { following } from './followers.ts';
import { promotion } from './promote.ts';

/**
 * The nodes have no single master: several, none, a loop, or one with less than its replicas. A person decides whose
 * data counts; the others are backed up where theirs differs, and follow.
 */
export function planAcceptHistory(goal: FailoverGoal, desired: DesiredCluster, roles: Roles): FailoverDraft {
  if (goal.node === undefined) return { waves: [], blockers: [unnamed(roles)], risks: [] };
  const target = pairNamed(goal.node, roles);
  const others = roles.pairs.filter((pair) => pair !== target);
  const candidates = roles.pairs.map(candidateRow);
  const blockers = [...unreadBlockers(roles.pairs), ...unfit(target, others), ...untroubled(target, desired, roles)];
  if (blockers.length > 0) return { waves: [], blockers, risks: [], candidates };
  const rest = following(target, roles);
  const over = others.filter(({ redis }) => redis?.role === 'master').map((pair) => pair.desired.name);
  const isAlone = roles.master === target && roles.observed;
  const stays = isAlone && over.length === 0;
  return {
    waves: [
      rest.fences,
      {
        actions: stays
          ? []
          : promotion(
              target,
              others.map((pair) => pair.desired.name),
            ),
      },
      ...rest.waves,
    ].filter(hasActions),
    blockers: rest.blockers,
    risks: rest.risks,
    candidates,
  };
}

function unnamed({ pairs }: Roles): Blocker {
  const names = pairs.map(({ desired }) => desired.name).join(', ');
  return {
    code: 'NO_CANDIDATE',
    node: null,
    message: 'Whose history is accepted? No node was named.',
    hint: `\`failover accept-history NODE\`, with one of ${names}.`,
  };
}

function unfit({ desired: { name }, redis, facts }: Pair, others: readonly Pair[]): readonly Blocker[] {
  const stopped = facts.reachable && facts.redis.state === 'down' ? 'its Redis does not run' : null;
  const isEmpty = redis?.keys === 0 && others.some((pair) => (pair.redis?.keys ?? 0) > 0);
  const why =
    stopped ?? (isEmpty ? 'it holds no keys, and others do' : redis?.loading ? 'it is loading its data' : null);
  if (why === null) return [];
  const message = `${name}’s history cannot be accepted: ${why}.`;
  return [{ code: 'NO_CANDIDATE', node: name, message, hint: 'Name a running node that holds data.' }];
}

/** With one master that has it all, its role moves without a loss. */
function untroubled(target: Pair, desired: DesiredCluster, roles: Roles): readonly Blocker[] {
  const masters = roles.pairs.filter(({ redis }) => redis?.role === 'master');
  const isTroubled = masters.length !== 1 || roles.blockers.length > 0 || masterDown(desired, roles).length > 0;
  if (isTroubled || masters[0] === target) return [];
  const [master] = masters;
  return [
    {
      code: 'NO_CANDIDATE',
      node: target.desired.name,
      message: `${master?.desired.name ?? ''} is the only master, and lacks nothing: no history is in doubt.`,
      hint: `\`failover ${target.desired.name}\` moves the role without losing a write.`,
    },
  ];
}

function candidateRow(pair: Pair): Candidate {
  const { redis, desired } = pair;
  if (!redis) return { node: desired.name, isCandidate: false, reasons: [unreadObstacle(pair) ?? 'cannot be read'] };
  const { role, keys, offset, replicationId } = redis;
  const figures = [role, `${keys} keys`, `offset ${offset}`, `replication ID ${replicationId.slice(0, 8)}`];
  return { node: desired.name, isCandidate: keys > 0, reasons: figures };
}
