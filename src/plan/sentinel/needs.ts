import type { DesiredCluster, DesiredSentinel } from '../../domain/desired.ts';
import { UNREAD } from '../../domain/health/sentinel-watch.ts';
import type { Blocker } from '../../domain/plan.ts';
import type { SentinelFacts } from '../../domain/sentinel/facts.ts';
import type { Roles } from '../roles/topology.ts';

/** A host on which Git asks for a Sentinel, and what is there. */
export interface Need {
  name: string;
  wanted: DesiredSentinel;
  facts: SentinelFacts;
}

/** Every host that was read, with Redis or without. */
export function needsOf({ sentinelHosts = [] }: DesiredCluster, { pairs }: Roles): readonly Need[] {
  return [
    ...pairs.flatMap(({ desired: { name, sentinel: wanted }, facts }): readonly Need[] => {
      const own = facts.reachable ? facts.sentinel : undefined;
      return wanted && own ? [{ name, wanted, facts: own }] : [];
    }),
    ...sentinelHosts.flatMap(({ name, sentinel: wanted, facts }): readonly Need[] =>
      facts?.reachable ? [{ name, wanted, facts: facts.sentinel }] : [],
    ),
  ];
}

/** Unknown is not absent: a Sentinel that cannot be read may vote. */
export function unreadHosts({ sentinelHosts = [] }: DesiredCluster): readonly Blocker[] {
  return sentinelHosts.flatMap(({ name, facts }): readonly Blocker[] => {
    if (facts?.reachable) return [];
    const { code, reason, hint } = facts ?? UNREAD;
    return [
      {
        code,
        node: name,
        message: `${name} cannot be read: ${reason}`,
        hint: hint ?? 'Restore access to it first: its Sentinel votes.',
      },
    ];
  });
}
