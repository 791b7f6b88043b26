import type { Watcher } from '../../domain/health/sentinel-watch.ts';
import { isDown } from '../../domain/sentinel/replies.ts';
import { isLoopback } from '../../domain/sentinel/sentinel-file.ts';
import { DIRECTIVES } from '../../domain/redis/directives.ts';
import { PRIORITY, SWITCHOVER_SETTINGS, type ThroughSentinel } from '../../domain/sentinel/switchover.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** Who moves the master’s role: nobody else, the Sentinels that were read, or Sentinels that are not known. */
export function movedBySentinel(roles: Roles): 'nobody' | 'sentinel' | 'unknown' {
  const isWatched = roles.pairs.some(({ redis }) => redis?.watchedBySentinel);
  if (watchersOf(roles).length > 0) return 'sentinel';
  const areStopped = roles.stopsSentinels && (roles.watch?.watchers.length ?? 0) > 0;
  return isWatched && !areStopped ? 'unknown' : 'nobody';
}

/** What Sentinel has against that node as the next master. */
export function sentinelObstacles(name: string, roles: Roles): readonly string[] {
  const [leader] = leading(name, roles);
  if (!leader) return [];
  const { replicas } = leader.master;
  const entry = replicas.find((each) => roles.identities.nodeAt(each, leader.node) === name);
  if (!entry) return [`is not known to the Sentinel on ${leader.node}`];
  if (isDown(entry.flags)) return [`is down for the Sentinel on ${leader.node}`];
  const pair = roles.pairs.find(({ desired }) => desired.name === name);
  return pair && Number(runningSetting(pair, PRIORITY)) === 0 ? ['runs with replica-priority 0'] : [];
}

/**
 * For a hand-over from that node; null where no Sentinel watches. `valueOf`: what a setting is before and after it. The
 * Sentinel that leads is not on the old master, if there is another.
 */
export function throughSentinel(
  from: string,
  roles: Roles,
  valueOf: (pair: Pair, directive: string) => string,
): ThroughSentinel | null {
  const watchers = leading(from, roles);
  const [leader] = watchers;
  if (!leader) return null;
  const settingsOf = (pair: Pair) =>
    Object.fromEntries(SWITCHOVER_SETTINGS.map((directive) => [directive, valueOf(pair, directive)]));
  return {
    masterName: leader.master.name,
    sentinels: watchers.map(({ node, facts }) => ({ node, port: facts.port })),
    settings: Object.fromEntries(
      roles.pairs.flatMap((pair) => (pair.redis ? [[pair.desired.name, settingsOf(pair)]] : [])),
    ),
  };
}

/** How long clients wait, for the plan’s reader. */
export function pauseOf(sentinel: ThroughSentinel | null): string {
  return sentinel
    ? 'Sentinel moves it: writes are held back for about 0.3 s.'
    : 'Writes are held back for a few milliseconds.';
}

/** The running value, else Redis’s default. */
export function runningSetting({ redis }: Pair, directive: string): string {
  return redis?.configuration.get(directive) ?? DIRECTIVES[directive]?.default ?? '';
}

function leading(from: string, roles: Roles): readonly Watcher[] {
  const watchers = watchersOf(roles);
  const isElsewhere = ({ node }: Watcher): boolean => node !== from;
  return [...watchers.filter(isElsewhere), ...watchers.filter((each) => !isElsewhere(each))];
}

/** Those that go on watching: a Sentinel that Git turns off is stopped first. */
function watchersOf({ watch, stopsSentinels }: Roles): readonly Watcher[] {
  const watchers = watch?.watchers ?? [];
  return watchers.filter(
    ({ master, facts }) => !isLoopback(master.host) && !(stopsSentinels && facts.file.content?.isOurs),
  );
}
