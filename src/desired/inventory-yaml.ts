import { groupNamed, type GrowingGroup, type Inventory } from './inventory.ts';
import { hostsOfPattern } from './host-range.ts';
import { shown, type Problems } from './problems.ts';
import { isNothing, type Entry, type Mapping, type Value } from './yaml-value.ts';

/** Reads `hosts.yml`: groups with hosts, children and vars. */
export function inventoryOfYaml(mapping: Mapping, problems: Problems): Inventory {
  const groups = new Map<string, GrowingGroup>();
  for (const [name, entry] of mapping.entries) addGroup(name, entry, groups, problems);
  return { file: mapping.at.file, groups };
}

function addGroup(name: string, { at, value }: Entry, groups: Map<string, GrowingGroup>, problems: Problems): void {
  const group = groupNamed(groups, name, at);
  const parts = entriesOf(value, problems, `group ${shown(name)}`);
  for (const [host, entry] of section(parts, 'hosts', problems)) addHosts(group, host, entry, problems);
  for (const [variable, entry] of section(parts, 'vars', problems)) group.variables.set(variable, entry);
  for (const [child, entry] of section(parts, 'children', problems)) {
    if (!group.children.includes(child)) group.children.push(child);
    addGroup(child, entry, groups, problems);
  }
}

function addHosts(group: GrowingGroup, pattern: string, { at, value }: Entry, problems: Problems): void {
  const hosts = hostsOfPattern(pattern);
  if (!hosts) return problems.add(at, `${shown(pattern)} is not a range of hosts such as redis-[01:03]`);
  const variables = entriesOf(value, problems, `host ${shown(pattern)}`);
  for (const host of hosts)
    group.hosts.set(host, { at, variables: new Map([...(group.hosts.get(host)?.variables ?? []), ...variables]) });
}

function section(group: ReadonlyMap<string, Entry>, name: string, problems: Problems): ReadonlyMap<string, Entry> {
  const entry = group.get(name);
  return entry ? entriesOf(entry.value, problems, `“${name}”`) : new Map();
}

function entriesOf(value: Value, problems: Problems, what: string): ReadonlyMap<string, Entry> {
  if (value.kind === 'mapping') return value.entries;
  if (!isNothing(value)) problems.add(value.at, `${what} must be a mapping (name: value)`);
  return new Map();
}
