import { hostsOfPattern, withoutPort } from './host-range.ts';
import { InventoryBuilder } from './builder.ts';
import type { Inventory } from './inventory.ts';
import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { nothing } from '../yaml/scalar.ts';
import { isNothing, type Entry, type Mapping, type Value } from '../yaml/value.ts';

/** Parses `hosts.yml`: groups with hosts, children and vars. */
export function inventoryOfYaml(mapping: Mapping, problems: Problems): Inventory | null {
  const inventory = new InventoryBuilder(mapping.at.file);
  for (const [name, entry] of mapping.entries) addGroup(name, entry, inventory, problems);
  return inventory.built(problems);
}

function addGroup(name: string, { at, value }: Entry, inventory: InventoryBuilder, problems: Problems): void {
  const group = inventory.group(name, at);
  const parts = entriesOf(value, problems, `group ${quoted(name)}`);
  for (const [pattern, entry] of section(parts, 'hosts', problems)) {
    if (inventory.isFull) return;
    const { pattern: named, port } = withoutPort(pattern);
    const hosts = hostsOfPattern(named);
    if (!hosts) problems.add(entry.at, `${quoted(pattern)} is not a range of hosts such as redis-[01:03]`);
    const own = entriesOf(entry.value, problems, `host ${quoted(pattern)}`);
    const variables = port === null ? own : new Map([['ansible_port', portEntry(port, entry)], ...own]);
    for (const host of hosts ?? []) inventory.addHost(group, host, entry.at, variables);
  }
  for (const [variable, entry] of section(parts, 'vars', problems))
    inventory.setVariable(group, variable, entry, problems);
  for (const [child, entry] of section(parts, 'children', problems)) {
    group.children.add(child);
    addGroup(child, entry, inventory, problems);
  }
}

function portEntry(port: string, { at }: Entry): Entry {
  return {
    at,
    value: { kind: 'scalar', value: Number(port), type: 'int', source: port, confidential: false, literal: false, at },
  };
}

function section(group: ReadonlyMap<string, Entry>, name: string, problems: Problems): ReadonlyMap<string, Entry> {
  const entry = group.get(name);
  if (!entry) return new Map();
  const { value } = entry;
  // As in Ansible, `hosts: redis-01` is one host.
  if (name === 'hosts' && value.kind === 'scalar' && typeof value.value === 'string')
    return new Map([[value.value, { at: value.at, value: nothing(value.at) }]]);
  return entriesOf(value, problems, quoted(name));
}

function entriesOf(value: Value, problems: Problems, what: string): ReadonlyMap<string, Entry> {
  if (value.kind === 'mapping') return value.entries;
  if (!isNothing(value)) problems.add(value.at, `${what} must be a mapping (name: value)`);
  return new Map();
}
