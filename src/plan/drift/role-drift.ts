import type { DesiredCluster } from '../../domain/desired.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import type { Identities } from '../../domain/replication/identity.ts';
import type { Drift } from '../../domain/drift/drift.ts';
import { isSettled } from '../roles/home.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** Who is master and who follows whom, compared with Git’s nomination. */
export function roleDrifts(desired: DesiredCluster, roles: Roles): readonly Drift[] {
  if (!desired.replication) return roles.pairs.flatMap(alone);
  const master = roles.master ?? roles.pairs.find(({ desired: node }) => node.name === desired.nominatedMaster);
  return [
    ...nominationDrift(desired, roles),
    ...roles.pairs.flatMap((pair) => (master ? besides(pair, master, roles.identities) : [])),
  ];
}

/** Roles are observed, not decreed: an apply keeps the observed master, unless a run left the role there. */
function nominationDrift({ nominatedMaster }: DesiredCluster, { master, home, observed }: Roles): readonly Drift[] {
  const name = master?.desired.name;
  if (!observed || !master || name === undefined || name === nominatedMaster || isSettled(master)) return [];
  const byApply = home?.desired.name === nominatedMaster;
  return [{ node: name, kind: 'role', subject: 'master of the cluster', git: nominatedMaster, actual: name, byApply }];
}

function alone({ desired: { name: node }, redis }: Pair): readonly Drift[] {
  const link = redis?.master;
  if (!link) return [];
  const actual = `replica of ${link.host}:${link.port}`;
  return [{ node, kind: 'role', subject: 'role', git: 'no replication', actual, byApply: false }];
}

function besides(pair: Pair, master: Pair, identities: Identities): readonly Drift[] {
  const { desired, redis } = pair;
  if (!redis) return [];
  const actual = redis.master ? `replica of ${redis.master.host}:${redis.master.port}` : redis.role;
  const wanted = endpointOf(master.desired);
  const git = pair === master ? 'master' : `replica of ${wanted.host}:${wanted.port}`;
  const isAsWanted =
    pair === master ? redis.role === 'master' : identities.isPointedAt(redis.master, wanted, desired.name);
  return isAsWanted ? [] : [{ node: desired.name, kind: 'role', subject: 'role', git, actual, byApply: true }];
}
