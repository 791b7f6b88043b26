import { Inventory, type Group, type HostEntry } from './inventory.ts';

/** One inventory of several files: later ones add to earlier ones, and their values win. */
export function mergedInventory(read: readonly Inventory[], folders: readonly string[]): Inventory | null {
  const [first, ...others] = read;
  if (!first) return null;
  const groups = new Map<string, Group>(first.groups);
  for (const { groups: more } of others)
    for (const [name, group] of more) {
      const known = groups.get(name);
      groups.set(name, known ? joined(known, group) : group);
    }
  return new Inventory(first.file, groups, folders);
}

function joined(one: Group, other: Group): Group {
  return {
    at: one.at,
    hosts: new Map([
      ...one.hosts,
      ...[...other.hosts].map(([name, host]) => [name, together(one.hosts.get(name), host)] as const),
    ]),
    children: new Set([...one.children, ...other.children]),
    variables: new Map([...one.variables, ...other.variables]),
    priority: other.priority === 1 ? one.priority : other.priority,
  };
}

function together(one: HostEntry | undefined, other: HostEntry): HostEntry {
  return one ? { at: one.at, variables: new Map([...one.variables, ...other.variables]) } : other;
}
