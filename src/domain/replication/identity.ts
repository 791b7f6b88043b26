import { canonicalAddress, isIpAddress, sameAddress } from './address.ts';
import { endpointOf, sameEndpoint, type Endpoint } from './endpoint.ts';
import type { AttachedReplica, MasterLink } from './view.ts';

/** `replica-announce-ip` and `replica-announce-port`; null where a node announces itself as it is. */
export interface Announced {
  host: string | null;
  port: number | null;
}

/** The addresses of host names, as one node resolves them. */
export type ResolvedNames = ReadonlyMap<string, readonly string[]>;

/** What a node is known by. */
export interface KnownNode {
  /** The inventory name. */
  name: string;
  address: string;
  redisPort: number;
  /** What its running Redis announces; null where that was not read. */
  announced: Announced | null;
  /** What Git has it announce. */
  asked: Announced;
  /** Of the host names that it names others by. */
  resolved: ResolvedNames;
}

/** Ambiguous is unknown: two nodes that an endpoint could be are no node. */
export type Identification =
  { kind: 'node'; name: string } | { kind: 'ambiguous'; names: readonly string[] } | { kind: 'unknown' };

/**
 * Which endpoint is which node of a cluster: the one answer for every stage. A node goes by its address, its inventory
 * name and what it announces, each with its port; a host name goes by its addresses, too, as the node resolves it that
 * named it (`reader`).
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
    // A change that Git asks for may have reached the node, and not the others that know it by what it announced before.
    const names =
      found.length > 0 ? found : this.#nodes.filter((node) => isOneOf(announcedEndpoints(node, node.asked)));
    const [first, ...others] = names.map(({ name }) => name);
    if (first === undefined) return { kind: 'unknown' };
    return others.length === 0 ? { kind: 'node', name: first } : { kind: 'ambiguous', names: [first, ...others] };
  }

  /** The inventory name of the node at an endpoint that `reader` named; null where it is none of these, or unclear. */
  nodeAt(endpoint: Endpoint | null, reader: string): string | null {
    const found = endpoint ? this.identify(endpoint, reader) : null;
    return found?.kind === 'node' ? found.name : null;
  }

  /** Whether two endpoints that `reader` named are the same one, spelt alike or not. Null is no endpoint. */
  isSame(one: Endpoint | null, other: Endpoint | null, reader: string): boolean {
    if (sameEndpoint(one, other)) return true;
    const name = this.nodeAt(one, reader);
    return name !== null && name === this.nodeAt(other, reader);
  }

  /**
   * Whether a replica needs no REPLICAOF to follow `wanted`. It may call it by another name, where that gives it a link: one
   * that does not resolve is no endpoint of anybody.
   */
  isPointedAt(link: MasterLink | null, wanted: Endpoint, reader: string): boolean {
    return sameEndpoint(link, wanted) || (link?.up === true && this.isSame(link, wanted, reader));
  }

  /**
   * How `reader` lists a replica; null where it does not. A connection that broke may still be listed beside the new one,
   * which comes last.
   */
  listedAs(name: string, replicas: readonly AttachedReplica[], reader: string): AttachedReplica | null {
    return replicas.findLast(({ address, port }) => this.nodeAt({ host: address, port }, reader) === name) ?? null;
  }

  /** The one node that has this host, whatever the port; null where there is none, or several. */
  nodeOn(host: string): string | null {
    const found = this.#nodes.filter((node) => endpointsOf(node).some((known) => sameAddress(known.host, host)));
    const [first, ...others] = found;
    return first && others.length === 0 ? first.name : null;
  }

  /** These identities, and what a node was seen to resolve since. */
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

/** Where a node is: by address and name, and as it announces itself. */
function endpointsOf(node: KnownNode): readonly Endpoint[] {
  const own = endpointOf(node);
  return [own, { ...own, host: node.name }, ...announcedEndpoints(node, node.announced ?? node.asked)];
}

function announcedEndpoints(node: KnownNode, { host, port }: Announced): readonly Endpoint[] {
  const announced = { host: host ?? node.address, port: port ?? node.redisPort };
  return [announced, { ...announced, host: node.name }];
}

/** What redis.conf or CONFIG GET says that a node announces; Redis shows `''` and `0` for nothing. */
export function announcedBy(valueOf: (directive: string) => string | undefined): Announced {
  const port = Number(valueOf('replica-announce-port') ?? 0);
  return { host: valueOf('replica-announce-ip') || null, port: port > 0 ? port : null };
}
