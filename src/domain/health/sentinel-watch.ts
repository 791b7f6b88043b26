import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts, UnreachableNode } from '../facts.ts';
import { everyNode, identitiesOf } from '../known-nodes.ts';
import { sameEndpoint, type Endpoint } from '../replication/endpoint.ts';
import type { Identities } from '../replication/identity.ts';
import type { SentinelFacts, SentinelUp } from '../sentinel/facts.ts';
import type { Pause } from '../sentinel/pause.ts';
import { seenPeers, type SentinelMaster } from '../sentinel/replies.ts';
import { isLoopback } from '../sentinel/sentinel-file.ts';

/** A running Sentinel that watches this cluster. */
export interface Watcher {
  /** Inventory name of its host. */
  node: string;
  address: string;
  facts: SentinelFacts;
  process: SentinelUp;
  /** This cluster’s master, as it sees it. */
  master: SentinelMaster;
}

export interface Missing {
  node: string;
  address: string;
  /** What is known of it; null if nothing. */
  facts: SentinelFacts | null;
  /** Why the host could not be read; null if it was. */
  unread: Unread | null;
}

type Unread = Pick<UnreachableNode, 'code' | 'reason' | 'hint'>;

/** All that is known of the cluster’s Sentinels. */
export interface SentinelWatch {
  watchers: readonly Watcher[];
  /** Hosts on which Git asks for a Sentinel that is not among the watchers. */
  missing: readonly Missing[];
  identities: Identities;
}

/** Null where no Sentinel watches the cluster and Git asks for none. */
export function sentinelWatch(desired: DesiredCluster, observed: readonly NodeFacts[]): SentinelWatch | null {
  const facts = everyNode(desired.nodes, observed);
  const identities = identitiesOf(facts);
  const places = sentinelPlaces(desired, facts);
  const watchers = places.flatMap((place) => watcherOn(place, identities));
  const missing = places.flatMap(({ name: node, address, isWanted, facts: own, unread }): readonly Missing[] =>
    isWanted && !watchers.some((watcher) => watcher.node === node) ? [{ node, address, facts: own, unread }] : [],
  );
  return watchers.length + missing.length === 0 ? null : { watchers, missing, identities };
}

/** Before the first look. */
export const UNREAD: Unread = { code: 'NODE_UNREACHABLE', reason: 'The host was not read.', hint: null };

/** A host that may run Sentinel, with Redis or without. */
interface Place {
  name: string;
  address: string;
  /** Null without Redis. */
  redisPort: number | null;
  /** Git asks for a Sentinel there. */
  isWanted: boolean;
  /** The name under which Git’s file monitors the cluster. */
  asked: string | undefined;
  /** Null if it was not read, or none is there. */
  facts: SentinelFacts | null;
  unread: Unread | null;
}

function sentinelPlaces(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Place[] {
  const { nodes, sentinelHosts = [], sentinel } = desired;
  return [
    ...nodes.map(({ name, address, redisPort, sentinel: wanted }, at) => {
      const own = observed[at];
      const facts = (own?.reachable === true && own.sentinel) || null;
      const unread = own && !own.reachable ? own : null;
      return { name, address, redisPort, isWanted: wanted !== undefined, asked: wanted?.masterName, facts, unread };
    }),
    ...sentinelHosts.map(({ name, address, sentinel: wanted, facts }) => ({
      name,
      address,
      redisPort: null,
      isWanted: sentinel,
      asked: wanted.masterName,
      facts: facts?.reachable === true ? facts.sentinel : null,
      unread: facts?.reachable === false ? facts : facts ? null : UNREAD,
    })),
  ];
}

function watcherOn(
  { name: node, address, redisPort, asked, facts }: Place,
  identities: Identities,
): readonly Watcher[] {
  if (facts?.process.state !== 'up') return [];
  const { process } = facts;
  const ours = process.masters.filter((master) => isOurs(master, node, redisPort, identities));
  const master =
    ours.find(({ name }) => name === asked) ?? ours[0] ?? process.masters.find(({ name }) => name === asked);
  return master ? [{ node, address, facts, process, master }] : [];
}

/** Whether the master or one of its replicas is a node of the cluster; on loopback, this host’s. */
function isOurs(master: SentinelMaster, node: string, redisPort: number | null, identities: Identities): boolean {
  const members: readonly Endpoint[] = [master, ...master.replicas];
  return members.some((each) =>
    isLoopback(each.host) ? each.port === redisPort : identities.nodeAt(each, node) !== null,
  );
}

/** The hold on automatic failover at that Sentinel. */
export function pauseOn({ facts, master }: Watcher): Pause | undefined {
  return facts.pauses?.find((pause) => pause.master === master.name);
}

/** The watcher that listens there; undefined if none does. */
export function watcherAt(endpoint: Endpoint, { watchers }: SentinelWatch): Watcher | undefined {
  return watchers.find(({ address, facts }) => sameEndpoint({ host: address, port: facts.port }, endpoint));
}

/** Sentinels that redisops cannot ask, but that may vote: the watchers’ other peers, and hosts without a watcher. */
export function beyondReach(watch: SentinelWatch): readonly string[] {
  const peers = watch.watchers.flatMap(({ master }) => seenPeers(master)).filter((peer) => !watcherAt(peer, watch));
  const foreign = new Map(peers.map(({ id, host, port }) => [id, `${host}:${port}`]));
  return [...foreign.values(), ...watch.missing.map(({ node }) => node)];
}

/** The lowest quorum of any watcher: as many may start a failover. */
export function leastQuorum({ watchers }: SentinelWatch): number {
  return Math.min(...watchers.map(({ master }) => master.quorum));
}

/** The inventory name of a master as a Sentinel names it; its address if it is no node of the cluster. */
export function namedBy({ master, node }: Watcher, identities: Identities): string {
  return identities.nodeAt(master, node) ?? `${master.host}:${master.port}`;
}

/** Null where they disagree, or there are none. */
export function agreedMaster({ watchers, identities }: SentinelWatch): string | null {
  const names = new Set(watchers.map((watcher) => namedBy(watcher, identities)));
  const [name] = names;
  return name !== undefined && names.size === 1 ? name : null;
}
