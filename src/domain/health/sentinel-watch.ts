import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts } from '../facts.ts';
import { everyNode, identitiesOf } from '../known-nodes.ts';
import { sameEndpoint, type Endpoint } from '../replication/endpoint.ts';
import type { Identities } from '../replication/identity.ts';
import type { SentinelFacts, SentinelUp } from '../sentinel/facts.ts';
import type { SentinelMaster } from '../sentinel/replies.ts';
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

/** All that is known of the cluster’s Sentinels. */
export interface SentinelWatch {
  watchers: readonly Watcher[];
  /** Hosts on which Git asks for a Sentinel that is not among the watchers, with what is known of it. */
  missing: readonly { node: string; facts: SentinelFacts | null }[];
  identities: Identities;
}

/** Null where no Sentinel watches the cluster and Git asks for none. */
export function sentinelWatch(desired: DesiredCluster, observed: readonly NodeFacts[]): SentinelWatch | null {
  const facts = everyNode(desired.nodes, observed);
  const identities = identitiesOf(facts);
  const watchers = facts.flatMap((each) => watcherOn(each, desired, identities));
  const missing = desired.nodes.flatMap((node, at) => {
    const own = facts[at];
    if (!node.sentinel || watchers.some((watcher) => watcher.node === node.name)) return [];
    return [{ node: node.name, facts: (own?.reachable === true && own.sentinel) || null }];
  });
  return watchers.length + missing.length === 0 ? null : { watchers, missing, identities };
}

function watcherOn(facts: NodeFacts, desired: DesiredCluster, identities: Identities): readonly Watcher[] {
  if (!facts.reachable || facts.sentinel?.process.state !== 'up') return [];
  const { name: node, address, sentinel } = facts;
  const { process } = facts.sentinel;
  const asked = desired.nodes.find((each) => each.name === node)?.sentinel?.masterName;
  const ours = process.masters.filter((master) => isOurs(master, node, facts.redisPort, identities));
  const master =
    ours.find(({ name }) => name === asked) ?? ours[0] ?? process.masters.find(({ name }) => name === asked);
  return master && sentinel ? [{ node, address, facts: sentinel, process, master }] : [];
}

/** Whether the master or one of its replicas is a node of the cluster; on loopback, this host’s. */
function isOurs(master: SentinelMaster, node: string, redisPort: number, identities: Identities): boolean {
  const members: readonly Endpoint[] = [master, ...master.replicas];
  return members.some((each) =>
    isLoopback(each.host) ? each.port === redisPort : identities.nodeAt(each, node) !== null,
  );
}

/** The watcher that listens there; undefined if none does. */
export function watcherAt(endpoint: Endpoint, { watchers }: SentinelWatch): Watcher | undefined {
  return watchers.find(({ address, facts }) => sameEndpoint({ host: address, port: facts.port }, endpoint));
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
