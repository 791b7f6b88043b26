import { canonicalAddress, isIpAddress, sameAddress } from './address.ts';
import { endpointOf, sameEndpoint, type Endpoint } from './endpoint.ts';
import type { AttachedReplica, MasterLink } from './view.ts';

/** `replica-announce-ip` and `replica-announce-port`; null if not set. */
export interface Announced {
  host: string | null;
  port: number | null;
}

/** Addresses of host names, as resolved on one node. */
export type ResolvedNames = ReadonlyMap<string, readonly string[]>;

/** Everything that identifies a node. */
export interface KnownNode {
  /** The inventory name. */
  name: string;
  address: string;
  redisPort: number;
  /** As announced by its running Redis; null if unread. */
  announced: Announced | null;
  /** As Git tells it to announce itself. */
  asked: Announced;
  /** Host names by which this node knows others. */
  resolved: ResolvedNames;
}

/** Ambiguous counts as unknown: an endpoint of two nodes is none. */
export type Identification =
  { kind: 'node'; name: string } | { kind: 'ambiguous'; names: readonly string[] } | { kind: 'unknown' };

/**
 * Maps endpoints to nodes of a cluster, for every stage. A node is known by its address, its inventory name and its
 * announced endpoint, each with its port; a host name also by its addresses, as resolved on the node that reported it
 * (`reader`).
 */
export class Identities {
  readonly #nodes: readonly KnownNode[];

  constructor(nodes: readonly KnownNode[]) {
    this.#nodes = nodes;
  }

  identify(endpoint: Endpoint, reader: string): Identification {
    const hosts = [endpoint.host, ...this.#addressesOf(endpoint.host, reader)];
    const isOneOf = (endpoints: readonly Endpoint[]): boolean =>
      hosts.some((host) => endpoints.some((known) => sameEndpoint(known, { host, port: endpoint.port })));
    const found = this.#nodes.filter((node) => isOneOf(endpointsOf(node)));
    // A change in Git may have reached the node while the others still know its previous announcement.
    const names =
      found.length > 0 ? found : this.#nodes.filter((node) => isOneOf(announcedEndpoints(node, node.asked)));
    const [first, ...others] = names.map(({ name }) => name);
    if (first === undefined) return { kind: 'unknown' };
    return others.length === 0 ? { kind: 'node', name: first } : { kind: 'ambiguous', names: [first, ...others] };
  }

  /** The inventory name of the node at an endpoint reported by `reader`; null if none or ambiguous. */
  nodeAt(endpoint: Endpoint | null, reader: string): string | null {
    const found = endpoint ? this.identify(endpoint, reader) : null;
    return found?.kind === 'node' ? found.name : null;
  }

  /** Whether two endpoints reported by `reader` are the same, however spelled. Null equals nothing. */
  isSame(one: Endpoint | null, other: Endpoint | null, reader: string): boolean {
    if (sameEndpoint(one, other)) return true;
    const name = this.nodeAt(one, reader);
    return name !== null && name === this.nodeAt(other, reader);
  }

  /**
   * Whether a replica already follows `wanted` and needs no REPLICAOF. It may use another name if its link is up: an
   * unresolvable name belongs to nobody.
   */
  isPointedAt(link: MasterLink | null, wanted: Endpoint, reader: string): boolean {
    return sameEndpoint(link, wanted) || (link?.up === true && this.isSame(link, wanted, reader));
  }

  /**
   * The replica’s entry in `reader`’s list; null if absent. A broken connection may still be listed before the new one:
   * the last entry counts.
   */
  listedAs(name: string, replicas: readonly AttachedReplica[], reader: string): AttachedReplica | null {
    return replicas.findLast(({ address, port }) => this.nodeAt({ host: address, port }, reader) === name) ?? null;
  }

  /** The only node with this host, whatever the port; null if none or several. */
  nodeOn(host: string): string | null {
    const found = this.#nodes.filter((node) => endpointsOf(node).some((known) => sameAddress(known.host, host)));
    const [first, ...others] = found;
    return first && others.length === 0 ? first.name : null;
  }

  /** A copy with names resolved since. */
  withResolved(reader: string, resolved: ResolvedNames): Identities {
    return new Identities(
      this.#nodes.map((node) =>
        node.name === reader ? { ...node, resolved: new Map([...node.resolved, ...resolved]) } : node,
      ),
    );
  }

  #addressesOf(host: string, reader: string): readonly string[] {
    if (isIpAddress(host)) return [];
    const resolved = this.#nodes.find(({ name }) => name === reader)?.resolved ?? [];
    return [...resolved].flatMap(([name, addresses]) =>
      canonicalAddress(name) === canonicalAddress(host) ? addresses : [],
    );
  }
}

/** The node’s own and announced endpoints. */
function endpointsOf(node: KnownNode): readonly Endpoint[] {
  const own = endpointOf(node);
  return [own, { ...own, host: node.name }, ...announcedEndpoints(node, node.announced ?? node.asked)];
}

function announcedEndpoints(node: KnownNode, { host, port }: Announced): readonly Endpoint[] {
  const announced = { host: host ?? node.address, port: port ?? node.redisPort };
  return [announced, { ...announced, host: node.name }];
}

/** The announced endpoint in redis.conf or CONFIG GET; Redis shows `''` and `0` for unset. */
export function announcedBy(valueOf: (directive: string) => string | undefined): Announced {
  const port = Number(valueOf('replica-announce-port') ?? 0);
  return { host: valueOf('replica-announce-ip') || null, port: port > 0 ? port : null };
}
