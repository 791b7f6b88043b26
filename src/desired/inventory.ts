import type { Position } from './problems.ts';
import type { Entry } from './yaml-value.ts';

/** Groups and hosts of an inventory, as far as redisops needs them. */
export interface Inventory {
  file: string;
  groups: ReadonlyMap<string, Group>;
}

export interface Group {
  at: Position;
  hosts: ReadonlyMap<string, HostEntry>;
  children: readonly string[];
  variables: ReadonlyMap<string, Entry>;
}

export interface HostEntry {
  at: Position;
  variables: ReadonlyMap<string, Entry>;
}

/** A host with the inventory’s variables: its groups’ ones, then its own. */
export interface InventoryHost {
  name: string;
  at: Position;
  groupVariables: ReadonlyMap<string, Entry>;
  hostVariables: ReadonlyMap<string, Entry>;
}

/** A group while its file is being read. */
export interface GrowingGroup extends Group {
  hosts: Map<string, HostEntry>;
  children: string[];
  variables: Map<string, Entry>;
}

/** The group of that name; a new one where there is none yet. */
export function groupNamed(groups: Map<string, GrowingGroup>, name: string, at: Position): GrowingGroup {
  const known = groups.get(name);
  if (known) return known;
  const group = { at, hosts: new Map(), children: [], variables: new Map() };
  groups.set(name, group);
  return group;
}

/** Hosts of a group and of its children, in the order of the file. Null where there is no such group. */
export function hostsOf({ groups }: Inventory, group: string): readonly InventoryHost[] | null {
  if (!groups.has(group)) return null;
  const places = new Map<string, Position>();
  for (const name of withDescendants(groups, group))
    for (const [host, { at }] of groups.get(name)?.hosts ?? []) if (!places.has(host)) places.set(host, at);
  return [...places].map(([name, at]) => ({
    name,
    at,
    groupVariables: groupVariablesOf(groups, name),
    // A host’s own variables may stand in any group that lists it.
    hostVariables: new Map([...groups.values()].flatMap(({ hosts }) => [...(hosts.get(name)?.variables ?? [])])),
  }));
}

/** The group, its children, theirs, and so on; each once. */
function withDescendants(groups: ReadonlyMap<string, Group>, group: string): ReadonlySet<string> {
  const found = new Set([group]);
  // A set grows while it is being walked.
  for (const name of found) for (const child of groups.get(name)?.children ?? []) found.add(child);
  return found;
}

/** As in Ansible: `all` first, then group by group from the outer to the inner, on one level by name; the later wins. */
function groupVariablesOf(groups: ReadonlyMap<string, Group>, host: string): ReadonlyMap<string, Entry> {
  const of = [...groups.keys()]
    .filter(
      (name) => name === 'all' || [...withDescendants(groups, name)].some((each) => groups.get(each)?.hosts.has(host)),
    )
    .map((name) => ({ name, depth: depthOf(groups, name) }))
    .toSorted((a, b) => a.depth - b.depth || (a.name < b.name ? -1 : 1));
  return new Map(of.flatMap(({ name }) => [...(groups.get(name)?.variables ?? [])]));
}

/** How many groups it is inside of, by the longest way; `all` is outside of every other. */
function depthOf(groups: ReadonlyMap<string, Group>, group: string, below: readonly string[] = []): number {
  if (group === 'all') return 0;
  const parents = [...groups].filter(
    ([name, { children }]) => children.includes(group) && name !== group && !below.includes(name),
  );
  return 1 + Math.max(0, ...parents.map(([name]) => depthOf(groups, name, [...below, group])));
}
