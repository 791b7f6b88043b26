import type { LostMaster } from '../../domain/action.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { FailoverGoal } from '../../domain/goal.ts';
import type { SeenRedis } from '../../domain/health/last-look.ts';
import { membersOf } from '../../domain/members.ts';
import { hasActions, type Blocker, type Candidate, type Risk } from '../../domain/plan.ts';
import { isConnected } from '../../domain/replication/in-sync.ts';
import { isServing } from '../../domain/replication/no-one-master.ts';
import { bytes } from '../../domain/text/figures.ts';
import { unreadBlockers } from '../guards/reading.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';
import { pairNamed } from '../synchronize/resync.ts';
import { priorityOf, unfitness, unreadObstacle } from './candidates.ts';
import type { FailoverDraft, Seen } from './failover.ts';
import { following } from './followers.ts';
import { promotion } from './promote.ts';
import { minuteOf } from '../../domain/text/minute.ts';

/** A replica of the lost master. */
interface Orphan {
  pair: Pair;
  redis: RedisUp;
}

/**
 * The master is dead: a replica takes its role, and what only the dead one had is lost. The furthest replica by offset,
 * unless a person names another.
 */
export function planLostMaster(goal: FailoverGoal, roles: Roles, seen: Seen): FailoverDraft {
  const named = goal.node === undefined ? null : pairNamed(goal.node, roles);
  const lost = lostOf(roles, named, seen);
  if (!lost) return blocked([notLost(roles)]);
  const orphans = roles.pairs.flatMap((pair): readonly Orphan[] =>
    pair !== lost && pair.redis ? [{ pair, redis: pair.redis }] : [],
  );
  const unknown = unreadBlockers(roles.pairs.filter((pair) => pair !== lost));
  const obstacles = [...unknown, ...livingBlockers(lost, orphans, roles)];
  const target = named ? orphans.find(({ pair }) => pair === named) : furthest(orphans);
  const candidates = rows(lost, orphans, roles);
  if (!target || obstacles.length > 0) return { ...blocked(obstacles), candidates };

  const known = lastKnown(lost, orphans, seen);
  const isDone = target.redis.role === 'master';
  const losing: LostMaster = {
    name: lost.desired.name,
    offset: target.redis.offset,
    losesBytes: Math.max(0, known.offset - target.redis.offset),
  };
  const rest = following(target.pair, roles);
  return {
    waves: [
      rest.fences,
      { actions: promotion(target.pair, [losing.name], isDone ? undefined : losing) },
      ...rest.waves,
    ].filter(hasActions),
    blockers: [...obstacles, ...unfit(target), ...rest.blockers],
    risks: isDone ? rest.risks : [...lossRisks(losing, known, target), ...fenceRisks(lost), ...rest.risks],
    candidates,
  };
}

function blocked(blockers: readonly Blocker[]): FailoverDraft {
  return { waves: [], blockers, risks: [] };
}

/** The master that the replicas wait for; after an interrupted run, the one that it passed over. */
function lostOf(roles: Roles, named: Pair | null, { lost }: Seen): Pair | null {
  const before = roles.pairs.find(({ desired }) => desired.name === lost);
  if (before) return before;
  const followed = roles.pairs.filter((pair) => roles.pairs.some((other) => other.redis && follows(other, pair)));
  const [only, ...more] = followed.filter((pair) => !pair.redis);
  return only && more.length === 0 && only !== named && followed.length === 1 ? only : null;
}

function notLost({ pairs, master, observed }: Roles): Blocker {
  const isRunning = observed && master?.redis;
  return {
    code: 'NO_CANDIDATE',
    node: null,
    message: isRunning
      ? `${master.desired.name} is the master and runs: it is not lost.`
      : 'There is no single dead master whose replicas wait for it.',
    hint: isRunning
      ? '`failover` hands its role over without losing a write.'
      : pairs.some(({ redis }) => redis)
        ? 'If the nodes have no single master, name the one whose data counts: `failover accept-history NODE`.'
        : 'No node runs. `plan` shows what a start would load.',
  };
}

function livingBlockers(lost: Pair, orphans: readonly Orphan[], { pairs }: Roles): readonly Blocker[] {
  const { name } = lost.desired;
  const members = membersOf(pairs.map(({ facts }) => facts));
  const member = members.find((each) => each.name === name);
  const linked = orphans.find(({ pair, redis }) => follows(pair, lost) && redis.master && isConnected(redis.master));
  const isAlive = lost.redis !== null || linked !== undefined || (member && isServing(member, members));
  const isUnread = lost.facts.reachable && lost.facts.redis.state === 'unreadable';
  if (!isAlive && !isUnread) return [];
  return [
    {
      code: 'MASTER_UNKNOWN',
      node: name,
      message: `${name} may be alive: ${linked ? `${linked.pair.desired.name} has a link to it` : 'its Redis runs, but cannot be read'}.`,
      hint: `Restore access to ${name}, or stop its Redis there (\`systemctl stop ${lost.desired.unit}\`). Two masters would take writes.`,
    },
  ];
}

/** By offset; among equals by priority, then in the inventory’s order. A node excluded by Git only if named. */
function furthest(orphans: readonly Orphan[]): Orphan | undefined {
  const able = orphans.filter(({ pair, redis }) => redis.role === 'master' || unfitness(pair, redis).length === 0);
  return able.toSorted(
    (one, other) => other.redis.offset - one.redis.offset || priorityOf(one.pair) - priorityOf(other.pair),
  )[0];
}

function unfit({ pair, redis }: Orphan): readonly Blocker[] {
  const { name } = pair.desired;
  const why = redis.keys === 0 ? 'it holds no keys' : redis.loading ? 'it is loading its data' : null;
  if (why === null) return [];
  return [
    {
      code: 'NO_CANDIDATE',
      node: name,
      message: `${name} cannot take the master’s role: ${why}.`,
      hint: 'Name another node.',
    },
  ];
}

interface Known {
  offset: number;
  /** Where the figure is from. */
  from: string;
}

/** The highest offset of the lost master’s history that any node or the last look has. */
function lastKnown(lost: Pair, orphans: readonly Orphan[], { nodes }: Seen): Known {
  const best = orphans.reduce<Known>(
    (most, { pair, redis }) => (redis.offset > most.offset ? { offset: redis.offset, from: pair.desired.name } : most),
    { offset: 0, from: 'nobody' },
  );
  const last: SeenRedis | undefined = nodes[lost.desired.name];
  const isSameHistory = orphans.some(({ redis }) => redis.replicationId === last?.replicationId);
  if (!last || !isSameHistory || last.offset <= best.offset) return best;
  return {
    offset: last.offset,
    from: `the look at ${lost.desired.name} of ${minuteOf(last.at)}`,
  };
}

function lossRisks({ name, offset, losesBytes }: LostMaster, known: Known, { pair }: Orphan): readonly Risk[] {
  const to = pair.desired.name;
  const figure =
    losesBytes === 0
      ? `${to} has everything that is known to have been written (offset ${offset})`
      : `${bytes(losesBytes)} are known to be lost (${losesBytes} bytes: offset ${known.offset} by ${known.from}, ${to} has ${offset})`;
  const message = `${figure}. What ${name} wrote after it was seen last is lost as well. If ${name} can be started with its data, nothing is lost: try that first.`;
  return [{ code: null, node: name, message }];
}

/** What keeps a dead master from coming back as a second one. */
function fenceRisks({ desired: { name }, facts }: Pair): readonly Risk[] {
  if (facts.reachable) return [];
  const message = `${name} cannot be reached: nothing keeps it from coming back as a second master that takes writes. Keep its host off, or its port closed to clients. Once it is back, \`status\` says so, and \`apply\` backs up what it holds and makes it a replica.`;
  return [{ code: 'MASTER_AMBIGUOUS', node: name, message }];
}

function rows(lost: Pair, orphans: readonly Orphan[], { pairs }: Roles): readonly Candidate[] {
  return pairs.map((pair): Candidate => {
    const node = pair.desired.name;
    const own = orphans.find((orphan) => orphan.pair === pair);
    if (pair === lost) return { node, isCandidate: false, reasons: ['is the lost master'] };
    if (!own) return { node, isCandidate: false, reasons: [unreadObstacle(pair) ?? 'cannot be read'] };
    const obstacles = unfitness(pair, own.redis);
    const figures = [`offset ${own.redis.offset}`, `${own.redis.keys} keys`, `replica-priority ${priorityOf(pair)}`];
    return { node, isCandidate: obstacles.length === 0, reasons: [...obstacles, ...figures] };
  });
}
