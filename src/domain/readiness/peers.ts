import type { Ping } from '../sentinel/facts.ts';
import { isDown, seenPeers } from '../sentinel/replies.ts';
import { watcherAt, type Watcher } from '../health/sentinel-watch.ts';
import { listed } from '../text/listed.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

/** Sentinels learn of each other through the master, but vote over connections of their own. */
export const peersRules: readonly ReadinessRule[] = [cannotTalk, duplicateIds, notSeen, quorum, tooFew];

/** Tried from host to host: Sentinels that know each other may still refuse each other. */
function cannotTalk({ watch }: Readable): readonly Lack[] {
  const tries = watch.watchers.flatMap((from) =>
    from.facts.pings.map((ping) => ({ from, ping, to: watcherAt(ping, watch) })),
  );
  // One outside the inventory may be gone: only a refusal shows that it is there.
  const failed = tries.filter(({ ping, to }) => (to ? ping.answer !== 'answered' : ping.answer === 'denied'));
  if (failed.length === 0) return [];
  const foreign = failed.flatMap(({ ping, to }) => (to ? [] : [`${ping.host}:${ping.port}`]));
  const deaf = [
    ...watch.watchers.filter((each) => failed.some(({ to }) => to === each)).map(({ node }) => node),
    ...new Set(foreign),
  ];
  const checks = watch.watchers.map(({ node, master }) => `CKQUORUM on ${node}: ${master.quorumCheck.said}`);
  return [
    {
      code: 'SENTINELS_CANNOT_TALK',
      nodes: deaf,
      message: `The ${deaf.length === 1 ? 'Sentinel' : 'Sentinels'} on ${listed(deaf)} ${whatOf(failed.map(({ ping }) => ping))}: they cannot vote, so no failover begins.`,
      evidence: [
        ...failed.map(({ from, ping }) => `${from.node} → ${ping.host}:${ping.port}: ${ping.said || ping.answer}`),
        ...deaf.flatMap((name) => settingsOf(watch.watchers.find(({ node }) => node === name))),
        ...checks,
      ],
      cure: cureOf(failed.map(({ ping }) => ping)),
    },
  ];
}

function whatOf(pings: readonly Ping[]): string {
  if (pings.some(({ answer }) => answer === 'denied')) return 'refuse the others (protected mode, and no password)';
  return pings.some(({ answer }) => answer === 'refused')
    ? 'refuse connections from the others'
    : 'do not answer the others';
}

function cureOf(pings: readonly Ping[]): string {
  if (pings.some(({ answer }) => answer === 'denied'))
    return 'Set a password (redis_sentinel_password), or `protected-mode no` with a `bind` to the hosts’ own addresses, in every sentinel.conf. Restart the Sentinels one at a time.';
  return 'Open the Sentinel port between these hosts: check `bind` in sentinel.conf, and the firewall.';
}

function settingsOf(watcher: Watcher | undefined): readonly string[] {
  const file = watcher?.facts.file.content;
  if (!watcher || !file) return [];
  const said = ['protected-mode', 'bind'].map((name) => `${name} ${file.words(name)?.join(' ') ?? 'not set'}`);
  return [
    `${watcher.node}, ${watcher.facts.file.path}: ${said.join(', ')}, ${file.password === null ? 'no' : 'a'} requirepass`,
  ];
}

/** A cloned machine: the others take two Sentinels for one that moves. CKQUORUM still says OK. */
function duplicateIds({ watch }: Readable): readonly Lack[] {
  const ids = [...new Set(watch.watchers.map(({ process }) => process.id))];
  return ids.flatMap((id): readonly Lack[] => {
    const same = watch.watchers.filter(({ process }) => process.id === id).map(({ node }) => node);
    if (same.length < 2) return [];
    return [
      {
        code: 'SENTINEL_ID_TWICE',
        nodes: same,
        message: `The Sentinels on ${listed(same)} have the same ID: the others count them as one.`,
        evidence: [`SENTINEL MYID on ${listed(same)}: ${id}`],
        cure: `On all of these hosts but one: stop Sentinel, delete the line \`sentinel myid\` from its sentinel.conf, start it.`,
      },
    ];
  });
}

/** Peers that a Sentinel does not know, or knows and does not reach, where no other rule says why. */
function notSeen(cluster: Readable): readonly Lack[] {
  const { watch } = cluster;
  if (cannotTalk(cluster).length + duplicateIds(cluster).length > 0 || namesDiffer(watch.watchers)) return [];
  return watch.watchers.flatMap((watcher): readonly Lack[] => {
    const { node, master } = watcher;
    // Through a master that it does not reach, it hears of nobody.
    if (isDown(master.flags)) return [];
    const unseen = watch.watchers.filter(
      (other) => other !== watcher && !seenPeers(master).some(({ id }) => id === other.process.id),
    );
    if (unseen.length === 0) return [];
    const known = master.peers.map(({ host, port, flags }) => `${host}:${port} (${[...flags].join(',')})`);
    return [
      {
        code: 'SENTINEL_NOT_SEEN',
        nodes: [node],
        message: `The Sentinel on ${node} does not see those on ${listed(unseen.map((each) => each.node))}.`,
        evidence: [`SENTINEL SENTINELS on ${node}: ${known.length === 0 ? 'none' : known.join(', ')}`],
        cure: 'New Sentinels find each other within seconds. Otherwise check that all have the same password (requirepass, sentinel-pass) and announce addresses that the others reach.',
      },
    ];
  });
}

function namesDiffer(watchers: readonly Watcher[]): boolean {
  return new Set(watchers.map(({ master }) => master.name)).size > 1;
}

/** Both are needed: the quorum to call the master down, and the majority of all known Sentinels to elect a leader. */
function quorum(cluster: Readable): readonly Lack[] {
  const { watchers } = cluster.watch;
  const all = Math.max(watchers.length, ...watchers.map(({ master }) => master.peers.length + 1));
  const impossible = watchers.filter(({ master }) => master.quorum > all);
  const [first] = impossible;
  if (first) {
    return [
      {
        code: 'SENTINEL_QUORUM_IMPOSSIBLE',
        nodes: impossible.map(({ node }) => node),
        message: `The quorum of ${first.master.quorum} cannot be reached: there ${all === 1 ? 'is one Sentinel' : `are ${all} Sentinels`}.`,
        evidence: impossible.map(({ node, master }) => `CKQUORUM on ${node}: ${master.quorumCheck.said}`),
        cure: `Set redis_sentinel_quorum to ${Math.floor(Math.max(all, 3) / 2) + 1}, or add Sentinels.`,
      },
    ];
  }
  const failed = watchers.filter(({ master }) => !master.quorumCheck.ok && !isDown(master.flags));
  const isExplained = cannotTalk(cluster).length + notSeen(cluster).length > 0 || namesDiffer(watchers);
  if (failed.length === 0 || isExplained) return [];
  return [
    {
      code: 'SENTINEL_NO_QUORUM',
      nodes: failed.map(({ node }) => node),
      message: 'Too few Sentinels answer: no failover would begin.',
      evidence: failed.map(({ node, master }) => `CKQUORUM on ${node}: ${master.quorumCheck.said}`),
      cure: 'Start the Sentinels that are down. A Sentinel that is gone for good still counts for the majority until it is forgotten.',
    },
  ];
}

function tooFew({ watch: { watchers, missing } }: Readable): readonly Lack[] {
  const known = Math.max(watchers.length + missing.length, ...watchers.map(({ master }) => master.peers.length + 1));
  if (known >= 3) return [];
  return [
    {
      code: 'SENTINELS_TOO_FEW',
      nodes: [],
      message: `${known === 1 ? 'One Sentinel is' : 'Two Sentinels are'} no majority once the master’s host is gone.`,
      evidence: watchers.map(({ node, master }) => `${node} knows ${master.peers.length} other Sentinels`),
      cure: 'Run Sentinel on three hosts. Three survive the loss of one; five the loss of two; four are no better than three.',
    },
  ];
}
