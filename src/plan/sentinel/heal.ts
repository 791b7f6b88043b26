import { hostsOf, type DesiredCluster } from '../../domain/desired.ts';
import { namedBy, type SentinelWatch, type Watcher } from '../../domain/health/sentinel-watch.ts';
import type { Wave } from '../../domain/plan.ts';
import { isDown } from '../../domain/sentinel/replies.ts';
import { isLoopback } from '../../domain/sentinel/sentinel-file.ts';
import { ghostsOf } from '../../domain/health/ghosts.ts';
import type { Roles } from '../roles/topology.ts';
import { resetSentinel } from './reset.ts';
import { watchMaster } from './watch-master.ts';

/**
 * Sentinels that name another master than the nodes and most Sentinels do: those are healed, one at a time. Where most
 * name another one, a person decides.
 */
export function strayWatchers(desired: DesiredCluster, { watch, master, observed }: Roles): readonly Watcher[] {
  if (!watch || !desired.sentinel || !observed || !master) return [];
  const watchers = watch.watchers.filter((each) => !isLoopback(each.master.host));
  const strays = watchers.filter((each) => namedBy(each, watch.identities) !== master.desired.name);
  const areOurs = strays.every(({ node, master: { name } }) => isAsked(node, name, desired));
  return areOurs && strays.length * 2 < watchers.length ? strays : [];
}

/** Whether Git asks for that Sentinel, under the name that it has. */
export function isAsked(node: string, masterName: string, desired: DesiredCluster): boolean {
  return hostsOf(desired).some(({ name, sentinel }) => name === node && sentinel?.masterName === masterName);
}

/** Strays first; ghosts only where all is well otherwise. */
export function healing(desired: DesiredCluster, roles: Roles): readonly Wave[] {
  const { watch, master } = roles;
  if (!watch || !master) return [];
  const known = { others: watch.watchers.length - 1, replicas: roles.pairs.length - 1 };
  const strays = strayWatchers(desired, roles);
  const waves = strays.map((each): Wave => {
    const place = { port: each.facts.port, masterName: each.master.name };
    return { actions: [watchMaster(each.node, place, master.desired, known)] };
  });
  if (waves.length > 0 || !isWell(desired, roles, watch)) return waves;
  return watch.watchers.flatMap((each) => {
    const ghosts = ghostsOf(each, watch);
    return ghosts.length === 0 ? [] : [{ actions: [resetSentinel(each, ghosts, master.desired, known)] }];
  });
}

/** A Sentinel that is reset has no vote for seconds: nothing may need it. */
function isWell({ sentinel }: DesiredCluster, { pairs, master, observed }: Roles, watch: SentinelWatch): boolean {
  const isLinked = pairs.every((pair) => pair === master || pair.redis?.master?.up === true);
  const agree = watch.watchers.every(
    (each) => !isDown(each.master.flags) && namedBy(each, watch.identities) === master?.desired.name,
  );
  const isCalm = watch.watchers.every(({ master: { flags } }) => !flags.has('failover_in_progress'));
  return sentinel && observed && watch.missing.length === 0 && isLinked && agree && isCalm;
}
