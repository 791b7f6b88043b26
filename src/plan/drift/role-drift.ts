import type { DesiredCluster } from '../../domain/desired.ts';
import type { Drift } from '../../domain/drift/drift.ts';
import { follows, type Pair, type Roles } from '../roles/topology.ts';

/** Who is master and who follows whom, against what Git nominates and what the cluster has. */
export function roleDrifts(desired: DesiredCluster, roles: Roles): readonly Drift[] {
  if (!desired.replication) return roles.pairs.flatMap(alone);
  const master = roles.master ?? roles.pairs.find(({ desired: node }) => node.name === desired.nominatedMaster);
  return [...nominationDrift(desired, roles), ...roles.pairs.flatMap((pair) => (master ? besides(pair, master) : []))];
}

/** Roles are observed, not decreed: an apply follows the master that the nodes have. */
function nominationDrift({ nominatedMaster }: DesiredCluster, { master, observed }: Roles): readonly Drift[] {
  const name = master?.desired.name;
  if (!observed || name === undefined || name === nominatedMaster) return [];
  return [
    { node: name, kind: 'role', subject: 'master of the cluster', git: nominatedMaster, actual: name, byApply: false },
  ];
}

function alone({ desired: { name: node }, redis }: Pair): readonly Drift[] {
  const link = redis?.role === 'replica' ? redis.master : undefined;
  if (!link) return [];
  const actual = `replica of ${link.host}:${link.port}`;
  return [{ node, kind: 'role', subject: 'role', git: 'no replication', actual, byApply: false }];
}

function besides(pair: Pair, master: Pair): readonly Drift[] {
  const { desired, redis } = pair;
  if (!redis) return [];
  const link = redis.role === 'replica' ? redis.master : undefined;
  const actual = link ? `replica of ${link.host}:${link.port}` : redis.role;
  const { address, redisPort } = master.desired;
  const git = pair === master ? 'master' : `replica of ${address}:${redisPort}`;
  const asWanted = pair === master ? redis.role === 'master' : follows(pair, master);
  return asWanted ? [] : [{ node: desired.name, kind: 'role', subject: 'role', git, actual, byApply: true }];
}
