import { isDown } from '../sentinel/replies.ts';
import { listed } from '../text/listed.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

/** Who could take the role, and what the new master would meet. */
export const candidateRules: readonly ReadinessRule[] = [noCandidate, masterauthMissing, writesWouldStop];

/** Sentinel promotes no replica with priority 0, none that is down, none whose link was down for long. */
function noCandidate({ redis, master, watch, observed }: Readable): readonly Lack[] {
  const replicas = [...redis].filter(([, { role }]) => role === 'replica');
  const [watcher] = watch.watchers;
  if (master === null || !watcher || !observed.every(({ reachable }) => reachable)) return [];
  const never = replicas.filter(([, { configuration }]) => Number(configuration.get('replica-priority')) === 0);
  const entryOf = (name: string) =>
    watcher.master.replicas.find((each) => watch.identities.nodeAt(each, watcher.node) === name);
  const able = replicas.filter(([name, view]) => {
    const entry = entryOf(name);
    return !never.some(([other]) => other === name) && view.master?.up === true && !(entry && isDown(entry.flags));
  });
  if (able.length > 0) return [];
  const why =
    replicas.length > 0 && never.length === replicas.length ? 'all have replica-priority 0' : 'none is in sync';
  return [
    {
      code: 'SENTINEL_NO_CANDIDATE',
      nodes: replicas.map(([name]) => name),
      message: `No replica could take the role of ${master}: ${replicas.length === 0 ? 'there is none' : why}.`,
      evidence: replicas.map(([name, view]) => {
        const priority = view.configuration.get('replica-priority') ?? '?';
        const flags = entryOf(name)?.flags;
        return `${name}: replica-priority ${priority}, link ${view.master?.up ? 'up' : 'down'}, for Sentinel ${flags ? [...flags].join(',') : 'unknown'}`;
      }),
      cure: 'Give at least one replica a replica-priority above 0, with its link to the master up.',
    },
  ];
}

/** After a failover the old master is a replica, and must log in to the new one. */
function masterauthMissing({ redis, master, desired: { masterauth } }: Readable): readonly Lack[] {
  const own = master === null ? undefined : redis.get(master);
  if (master === null || !own || !masterauth || masterauth.equals(own.masterauth)) return [];
  return [
    {
      code: 'MASTERAUTH_MISSING',
      nodes: [master],
      message: `${master} could not follow a new master: its masterauth is ${own.masterauth ? 'not the password in Git' : 'not set'}.`,
      evidence: [`CONFIG GET masterauth on ${master}: ${own.masterauth ? 'another value' : 'empty'}`],
      cure: 'Run `apply`: it sets masterauth, live and in redis.conf.',
    },
  ];
}

/** min-replicas-to-write counts the replicas that are left once one node is gone. */
function writesWouldStop({ redis, master }: Readable): readonly Lack[] {
  const replicas = [...redis].filter(([, { role }]) => role === 'replica');
  const strict = replicas.filter(
    ([, view]) => Number(view.configuration.get('min-replicas-to-write') ?? 0) >= replicas.length,
  );
  const [first] = strict;
  if (master === null || !first) return [];
  const asked = first[1].configuration.get('min-replicas-to-write');
  return [
    {
      code: 'FAILOVER_STOPS_WRITES',
      nodes: strict.map(([name]) => name),
      message: `After a failover the new master would refuse writes: min-replicas-to-write is ${asked}, and ${replicas.length - 1} replicas would be left.`,
      evidence: strict.map(([name]) => `${name}: min-replicas-to-write ${asked}`),
      cure: `Set min-replicas-to-write below ${replicas.length}, or add a replica. On ${listed(strict.map(([name]) => name))} it can be changed live.`,
    },
  ];
}
