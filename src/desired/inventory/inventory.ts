import { posix } from 'node:path';
import type { Position } from '../source/problems.ts';
import type { Entry } from '../yaml/value.ts';

export interface Group {
  at: Position;
  hosts: Map<string, HostEntry>;
  children: Set<string>;
  variables: Map<string, Entry>;
  /** `ansible_group_priority`: among groups of equal depth the larger one wins. */
  priority: number;
}

export interface HostEntry {
  at: Position;
  variables: ReadonlyMap<string, Entry>;
}

/** A host with its variables from the inventory: groups first, then its own. */
export interface InventoryHost {
  name: string;
  at: Position;
  /** From the outermost, `all`, to the one that wins. */
  groups: readonly string[];
  groupVariables: ReadonlyMap<string, Entry>;
  hostVariables: ReadonlyMap<string, Entry>;
}

/** Groups and hosts of an inventory file, as far as redisops needs them. */
export class Inventory {
  readonly file: string;
  /** Where Ansible looks for `group_vars` and `host_vars`. */
  readonly folders: readonly string[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly #parents: Parents;
  readonly #depths = new Map<string, number>();
  /** The groups that list each host directly. */
  readonly #listing: ReadonlyMap<string, readonly string[]>;
  #members: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(file: string, groups: ReadonlyMap<string, Group>, folders: readonly string[] = [posix.dirname(file)]) {
    this.file = file;
    this.folders = folders;
    this.groups = groups;
    this.#parents = parentsOf(groups);
    this.#listing = listingOf(groups);
  }

  /** Hosts of a group and its children, in file order, up to `most`. Null if there is no such group. */
  hostsOf(group: string, most = Infinity): readonly InventoryHost[] | null {
    if (!this.groups.has(group)) return null;
    return [...this.#placesIn(group)].slice(0, most).map(([name, at]) => {
      const listing = this.#listing.get(name) ?? [];
      const groups = this.#inOrder([...this.#around(listing)]);
      return {
        name,
        at,
        groups,
        groupVariables: new Map(groups.flatMap((each) => [...(this.groups.get(each)?.variables ?? [])])),
        // A host’s own variables may be in any group that lists it.
        hostVariables: new Map(
          listing.flatMap((each) => [...(this.groups.get(each)?.hosts.get(name)?.variables ?? [])]),
        ),
      };
    });
  }

  /** `all`, and the groups of its hosts, with their parents. Null if there is no such group. */
  groupsAround(group: string): ReadonlySet<string> | null {
    if (!this.groups.has(group)) return null;
    const listing = [...this.#placesIn(group).keys()].flatMap((host) => this.#listing.get(host) ?? []);
    return this.#around(['all', ...listing]);
  }

  /** Every group with all its hosts, including those of children; `all` and `ungrouped` included. */
  get members(): ReadonlyMap<string, readonly string[]> {
    this.#members ??= membersOf(this.groups, this.#parents);
    return this.#members;
  }

  #around(groups: readonly string[]): ReadonlySet<string> {
    return reached(groups, (name) => this.#parents.get(name) ?? []);
  }

  #placesIn(group: string): ReadonlyMap<string, Position> {
    const places = new Map<string, Position>();
    for (const name of reached([group], (each) => this.groups.get(each)?.children ?? []))
      for (const [host, { at }] of this.groups.get(name)?.hosts ?? []) if (!places.has(host)) places.set(host, at);
    return places;
  }

  /** As in Ansible: `all` first, then from outer to inner groups, by priority and name on each level. */
  #inOrder(groups: readonly string[]): readonly string[] {
    const inner = groups
      .filter((name) => name !== 'all')
      .map((name) => ({
        name,
        depth: depthOf(name, this.#parents, this.#depths),
        priority: this.groups.get(name)?.priority ?? 1,
      }))
      .toSorted((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
    return ['all', ...inner.map(({ name }) => name)];
  }
}

type Parents = ReadonlyMap<string, ReadonlySet<string>>;

function parentsOf(groups: ReadonlyMap<string, Group>): Parents {
  const parents = new Map<string, Set<string>>();
  for (const [name, { children }] of groups)
    for (const child of children) parents.set(child, (parents.get(child) ?? new Set()).add(name));
  return parents;
}

/** The groups and everything reachable from them, once each. */
function reached(from: readonly string[], next: (name: string) => Iterable<string>): ReadonlySet<string> {
  const found = new Set(from);
  // A set may grow while it is iterated.
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}

/** Depth by the longest path. */
function depthOf(group: string, parents: Parents, known: Map<string, number>): number {
  const before = known.get(group);
  if (before !== undefined) return before;
  if (group === 'all') return 0;
  // Ends at groups that contain each other.
  known.set(group, 0);
  const outer = [...(parents.get(group) ?? [])].map((name) => depthOf(name, parents, known));
  const depth = 1 + Math.max(0, ...outer);
  known.set(group, depth);
  return depth;
}

function listingOf(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, readonly string[]> {
  const listing = new Map<string, string[]>();
  for (const [name, { hosts }] of groups)
    for (const host of hosts.keys()) {
      const known = listing.get(host);
      if (known) known.push(name);
      else listing.set(host, [name]);
    }
  return listing;
}

function membersOf(groups: ReadonlyMap<string, Group>, parents: Parents): ReadonlyMap<string, readonly string[]> {
  const childrenOf = (name: string): Iterable<string> => groups.get(name)?.children ?? [];
  const hostsIn = (names: Iterable<string>): readonly string[] => [
    ...new Set([...names].flatMap((name) => [...(groups.get(name)?.hosts.keys() ?? [])])),
  ];
  const roots = [...groups.keys()].filter((name) => name !== 'all' && !parents.has(name));
  const everywhere = reached(['all'], (name) => [...childrenOf(name), ...(name === 'all' ? roots : [])]);
  const inside = new Set(hostsIn([...groups.keys()].filter((name) => name !== 'all' && name !== 'ungrouped')));
  const loose = hostsIn(['ungrouped', 'all']).filter((host) => !inside.has(host));
  const members = new Map([
    ['all', hostsIn(everywhere)],
    ['ungrouped', loose],
  ]);
  for (const name of groups.keys()) if (!members.has(name)) members.set(name, hostsIn(reached([name], childrenOf)));
  return members;
}
