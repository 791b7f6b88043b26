import { fileOrigin } from '../../domain/file-origin.ts';
import { actionsOf, type Risk, type Wave } from '../../domain/plan.ts';
import type { NodeAddress, SentinelHost } from '../../domain/desired.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * Nodes that redisops would manage for the first time, beside others that it manages already, or that the commit before
 * did not have. Anyone who can merge could name any host, so a person approves it first. A first apply to bare hosts
 * that the commit before already had needs no approval.
 *
 * @param known Addresses of the nodes that the commit before had; null where there is none to compare with.
 */
export function newNodeRisks(
  waves: readonly Wave[],
  { pairs, sentinelHosts = [] }: { pairs: readonly Pair[]; sentinelHosts?: readonly SentinelHost[] | undefined },
  known: ReadonlySet<string> | null,
): readonly Risk[] {
  const changed = new Set(actionsOf({ waves }).map(({ node }) => node));
  const origins = new Map(
    pairs.map((pair) => [pair, pair.facts.reachable ? fileOrigin(pair.desired.redisConf, pair.facts.host) : null]),
  );
  const hasOthers = [...origins.values()].includes('redisops');
  const riskOf = ({ name, address }: NodeAddress, isNewHere: boolean): readonly Risk[] => {
    const isNewInGit = known !== null && !known.has(address);
    if (!changed.has(name) || !(isNewInGit || isNewHere)) return [];
    const why = isNewInGit ? 'the commit before did not have it' : 'redisops does not manage it yet';
    return [{ code: 'NODE_NEW', node: name, message: `${name} (${address}) is new to the cluster: ${why}.` }];
  };
  return [
    ...pairs.flatMap((pair) => {
      const origin = origins.get(pair);
      // A file that someone wrote needs an approval anyway.
      return riskOf(pair.desired, hasOthers && (origin === 'absent' || origin === 'package'));
    }),
    // Whoever wrote a file there: redisops never had this host.
    ...sentinelHosts.flatMap((host) => riskOf(host, hasOthers && !isOurs(host))),
  ];
}

function isOurs({ facts }: SentinelHost): boolean {
  return facts?.reachable === true && facts.sentinel.file.content?.isOurs === true;
}
