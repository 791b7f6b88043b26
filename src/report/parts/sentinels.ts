import { hostsOf, type DesiredCluster } from '../../domain/desired.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import type { ListItem, Section } from '../../domain/report.ts';
import { sameEndpoint } from '../../domain/replication/endpoint.ts';
import type { Lack } from '../../domain/sentinel/lack.ts';
import { seenPeers } from '../../domain/sentinel/replies.ts';
import { agreedMaster, namedBy, sentinelWatch, watcherAt } from '../../domain/health/sentinel-watch.ts';
import { DASH } from '../text/format.ts';

export interface SentinelOverview {
  /** The master that all name; null where they do not agree. */
  master: string | null;
  /** Null where they have different ones. */
  quorum: number | null;
  sentinels: readonly SentinelRow[];
}

interface SentinelRow {
  name: string;
  address: string;
  /** Whether it answered and watches this cluster. */
  reachable: boolean;
  /** The master that it names; null if it was not read. */
  names: string | null;
  /** Number of other Sentinels that it talks to; null if it was not read. */
  sees: number | null;
}

/** The cluster’s Sentinels, as each of them says; null without. Those on hosts outside the inventory have an address only. */
export function sentinelOverview(desired: DesiredCluster, observed: readonly NodeFacts[]): SentinelOverview | null {
  const watch = sentinelWatch(desired, observed);
  if (!watch) return null;
  const { watchers, missing, identities } = watch;
  const quorums = new Set(watchers.map(({ master }) => master.quorum));
  const [quorum] = quorums;
  const foreign = watchers
    .flatMap(({ master }) => master.peers)
    .filter((peer, at, all) => !watcherAt(peer, watch) && all.findIndex((each) => sameEndpoint(each, peer)) === at);
  const addressOf = (name: string) => hostsOf(desired).find((host) => host.name === name)?.address ?? name;
  return {
    master: agreedMaster(watch),
    quorum: quorum !== undefined && quorums.size === 1 ? quorum : null,
    sentinels: [
      ...watchers.map((watcher) => ({
        name: watcher.node,
        address: watcher.address,
        reachable: true,
        names: namedBy(watcher, identities),
        sees: seenPeers(watcher.master).length,
      })),
      ...missing.map(({ node }) => ({ ...UNREAD, name: node, address: addressOf(node) })),
      ...foreign.map(({ host, port }) => ({ ...UNREAD, name: `${host}:${port}`, address: host })),
    ],
  };
}

const UNREAD = { reachable: false, names: null, sees: null } as const;

/** The Sentinels as a section, or none. */
export function sentinelSection(overview: SentinelOverview | null): readonly Section[] {
  if (!overview) return [];
  const rows = overview.sentinels.map(({ name, reachable, names, sees }) =>
    reachable ? [name, names ?? DASH, String(sees ?? DASH)] : [name, 'not read', DASH],
  );
  const quorum = overview.quorum === null ? 'not the same on all' : String(overview.quorum);
  return [
    { kind: 'table', heading: `Sentinels (quorum ${quorum})`, columns: ['node', 'names master', 'sees others'], rows },
  ];
}

/** Why a failover would fail, as a section, or none. */
export function readinessSection(readiness: readonly Lack[]): readonly Section[] {
  if (readiness.length === 0) return [];
  const items = readiness.map(({ code, message, evidence, cure, isWarning }): ListItem => ({
    tone: isWarning ? 'warning' : 'bad',
    text: [`${message} (${code})`, ...evidence.slice(0, 3), cure].join('\n'),
  }));
  return [{ kind: 'list', heading: 'Failover', items }];
}
