import { ghostsOf } from '../health/ghosts.ts';
import { isDown } from '../sentinel/replies.ts';
import { listed } from '../text/listed.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

/** What the Sentinels remember. */
export const stateRules: readonly ReadinessRule[] = [ghosts, unknownReplicas, tilt];

/** Entries that no node of the cluster and no running Sentinel explains. Sentinel never forgets them by itself. */
function ghosts({ watch, observed }: Readable): readonly Lack[] {
  const { watchers } = watch;
  if (!observed.every(({ reachable }) => reachable)) return [];
  const found = watchers.flatMap((each) => ghostsOf(each, watch).map((what) => ({ node: each.node, what })));
  const whats = [...new Set(found.map(({ what }) => what))];
  if (whats.length === 0) return [];
  return [
    {
      code: 'SENTINEL_GHOST',
      nodes: [...new Set(found.map(({ node }) => node))],
      message: `Sentinel remembers what no longer exists: ${listed(whats)}. A ghost Sentinel counts for the majority.`,
      evidence: found.map(({ node, what }) => `Sentinel on ${node} lists ${what}, down`),
      cure: 'Run `apply` where Git asks for these Sentinels: it resets them one at a time, after an approval. By hand, if it will not come back: SENTINEL RESET on one Sentinel, while the master and every replica are up and no failover runs. Wait until it lists every node and every other Sentinel, and at least 10 s, before the next one.',
      isWarning: true,
    },
  ];
}

/** A Sentinel that does not know a replica cannot promote it, nor make it follow the new master. */
function unknownReplicas({ watch: { watchers, identities }, redis, master }: Readable): readonly Lack[] {
  if (master === null) return [];
  const replicas = [...redis].filter(([, view]) => view.role === 'replica' && view.master?.up === true);
  return watchers.flatMap(({ node, master: seen }): readonly Lack[] => {
    if (isDown(seen.flags) || identities.nodeAt(seen, node) !== master) return [];
    const known = seen.replicas.map((each) => identities.nodeAt(each, node));
    const unknown = replicas.map(([name]) => name).filter((name) => !known.includes(name));
    if (unknown.length === 0) return [];
    return [
      {
        code: 'SENTINEL_REPLICA_UNKNOWN',
        nodes: [node],
        message: `The Sentinel on ${node} does not know the replica ${listed(unknown)}.`,
        evidence: [
          `SENTINEL REPLICAS on ${node}: ${seen.replicas.map(({ host, port }) => `${host}:${port}`).join(', ') || 'none'}`,
        ],
        cure: 'It asks the master every 10 s. If this lasts, check replica-announce-ip and replica-announce-port of that replica.',
      },
    ];
  });
}

function tilt({ watch: { watchers } }: Readable): readonly Lack[] {
  const tilted = watchers.filter(({ process }) => process.tilt).map(({ node }) => node);
  if (tilted.length === 0) return [];
  return [
    {
      code: 'SENTINEL_TILT',
      nodes: tilted,
      message: `The Sentinel on ${listed(tilted)} takes no action for now (TILT): its clock jumped, or it stood still for over 2 s.`,
      evidence: tilted.map((node) => `INFO on ${node}: sentinel_tilt:1`),
      cure: 'It ends by itself after 30 s. If it returns, look for pauses of the virtual machine, and at its clock.',
    },
  ];
}
