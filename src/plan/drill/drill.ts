import type { DesiredCluster } from '../../domain/desired.ts';
import { hasActions, type Blocker, type Plan, type Wave } from '../../domain/plan.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import { awaitLink } from '../synchronize/await-link.ts';
import { nodeAsFound } from '../failover/as-found.ts';
import { assess, bestOf, candidateRows } from '../failover/candidates.ts';
import { planFailover, type Seen } from '../failover/failover.ts';
import { fileBlockers } from '../failover/planned.ts';
import { handBack, handOver, presentFile, roleFiles } from '../hand-over/hand-over.ts';
import { movedBySentinel } from '../hand-over/through-sentinel.ts';
import { isSettled } from '../roles/home.ts';
import type { Pair, Roles } from '../roles/topology.ts';

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks' | 'candidates'>;

const WHY = 'A drill: the role comes back.';

/**
 * A planned switchover to the best candidate, and back. The same guards as for a failover. A run that was interrupted
 * while the role was away brings it back.
 */
export function planDrill(desired: DesiredCluster, roles: Roles, seen: Seen & { target: string | undefined }): Draft {
  const there = planFailover({ kind: 'failover', mode: 'planned', node: seen.target }, desired, roles, seen);
  const found = asFound(roles);
  const { master } = found;
  const home = found.pairs.find(({ desired: { name } }) => name === seen.previousMaster);
  if (home && master && home !== master)
    return { ...there, waves: back(master, home, found), blockers: stateOf(there) };
  if (!master?.redis || there.blockers.length > 0) return { ...there, waves: [], blockers: there.blockers };
  const assessments = assess({ pair: master, redis: master.redis }, found);
  const target =
    found.pairs.find(({ desired: { name } }) => name === seen.target) ?? bestOf(assessments, desired.nominatedMaster);
  if (!target) return { ...there, waves: [] };
  const waves = thereAndBack(master, target, found);
  const files = waves.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'write-file'));
  return {
    waves,
    blockers: [...fileBlockers(files, roles), ...away(roles)],
    risks: there.risks,
    candidates: candidateRows(assessments),
  };
}

function thereAndBack(master: Pair, target: Pair, roles: Roles): readonly Wave[] {
  const files = new Map(roles.pairs.map((pair) => [pair, presentFile(pair)]));
  return [
    { actions: [handOver(master, target, WHY, { home: master, roles })] },
    { actions: roleFiles(roles.pairs, target, files, movedBySentinel(roles) === 'sentinel') },
    { actions: [awaitLink(master.desired.name, endpointOf(target.desired))] },
    ...handBack(target, master, roles, files, isSettled(master)),
  ].filter(hasActions);
}

function back(from: Pair, home: Pair, roles: Roles): readonly Wave[] {
  const files = new Map(roles.pairs.map((pair) => [pair, presentFile(pair)]));
  return handBack(from, home, roles, files).filter(hasActions);
}

/** Of an interrupted drill, the way back needs no candidate, and nobody that could follow it. */
function stateOf({ blockers }: Draft): readonly Blocker[] {
  return blockers.filter(({ code }) => code !== 'NO_CANDIDATE' && code !== 'REPLICA_TOO_OLD');
}

function away({ master, home }: Roles): readonly Blocker[] {
  if (!home || !master || home === master) return [];
  const [name, noted] = [master.desired.name, home.desired.name];
  return [
    {
      code: 'ROLE_AWAY',
      node: name,
      message: `${name} has the master’s role for now: it belongs to ${noted}.`,
      hint: '`apply` hands it back. Then drill.',
    },
  ];
}

/** A drill changes roles and nothing else: what Git changed since waits for `apply`. */
function asFound(roles: Roles): Roles {
  const own = new Map(
    roles.pairs.map((pair): [Pair, Pair] => [pair, { ...pair, desired: nodeAsFound(pair.desired, pair.facts) }]),
  );
  const of = (pair: Pair | null): Pair | null => (pair && own.get(pair)) ?? null;
  return { ...roles, pairs: [...own.values()], master: of(roles.master), home: of(roles.home) };
}
