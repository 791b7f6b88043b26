import type { Position, Problems } from './problems.ts';
import type { Entry, Mapping, Scalar, Value } from './yaml-mapping.ts';

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

/** A host of a group with the inventory’s variables: its groups’ ones, then its own. */
export interface InventoryHost {
  name: string;
  at: Position;
  groupVariables: ReadonlyMap<string, Entry>;
  hostVariables: ReadonlyMap<string, Entry>;
}

/** Hosts of a group and of its children, in the order of the file. Null where there is no such group. */
export function hostsOf(inventory: Inventory, group: string): readonly InventoryHost[] | null {
  if (!inventory.groups.has(group)) return null;
  const hosts = new Map<string, InventoryHost>();
  collect(inventory, group, new Map(inventory.groups.get('all')?.variables), hosts, new Set());
  return [...hosts.values()].map((host) => ({ ...host, hostVariables: ownVariables(inventory, host.name) }));
}

function collect(
  inventory: Inventory,
  name: string,
  inherited: ReadonlyMap<string, Entry>,
  hosts: Map<string, InventoryHost>,
  seen: Set<string>,
): void {
  const group = inventory.groups.get(name);
  if (!group || seen.has(name)) return;
  seen.add(name);
  const variables = new Map([...inherited, ...group.variables]);
  for (const [host, { at }] of group.hosts)
    hosts.set(host, { name: host, at, groupVariables: variables, hostVariables: new Map() });
  for (const child of group.children) collect(inventory, child, variables, hosts, seen);
}

/** A host’s own variables may stand in any group that lists it. */
function ownVariables(inventory: Inventory, host: string): ReadonlyMap<string, Entry> {
  const found = [...inventory.groups.values()].flatMap(({ hosts }) => [...(hosts.get(host)?.variables ?? [])]);
  return new Map(found);
}

/** Reads `hosts.yml`: groups with hosts, children and vars. */
export function inventoryOfYaml(mapping: Mapping, problems: Problems): Inventory {
  const groups = new Map<string, Group>();
  for (const [name, entry] of mapping.entries) addGroup(name, entry, groups, problems);
  return { file: mapping.at.file, groups };
}

function addGroup(name: string, { at, value }: Entry, groups: Map<string, Group>, problems: Problems): void {
  const parts = mappingOrNothing(value, problems, 'a group');
  const known = groups.get(name);
  const hosts = new Map(known?.hosts);
  for (const [host, entry] of section(parts, 'hosts', problems))
    hosts.set(host, {
      at: entry.at,
      variables: mappingOrNothing(entry.value, problems, 'a host')?.entries ?? new Map(),
    });
  const children = section(parts, 'children', problems);
  groups.set(name, {
    at,
    hosts,
    children: [...(known?.children ?? []), ...children.keys()],
    variables: new Map([...(known?.variables ?? []), ...section(parts, 'vars', problems)]),
  });
  for (const [child, entry] of children) addGroup(child, entry, groups, problems);
}

function section(group: Mapping | null, name: string, problems: Problems): ReadonlyMap<string, Entry> {
  const entry = group?.entries.get(name);
  return (entry && mappingOrNothing(entry.value, problems, `“${name}”`)?.entries) ?? new Map<string, Entry>();
}

function mappingOrNothing(value: Value, problems: Problems, what: string): Mapping | null {
  if (value.kind === 'mapping') return value;
  if (value.kind === 'scalar' && value.value === null) return null;
  problems.add(value.at, `${what} must be a mapping`);
  return null;
}

/** Reads `hosts.ini`: `[group]`, `[group:children]`, `[group:vars]`, and hosts with `name=value` behind them. */
export function inventoryOfIni(file: string, text: string, problems: Problems): Inventory {
  const groups = new Map<string, MutableGroup>();
  let current = groupOf(groups, 'ungrouped', { file, line: 1, column: 1 });
  let kind = 'hosts';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const at = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 };
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[([^\]:]+)(?::(\w+))?\]$/.exec(line);
    if (header) {
      current = groupOf(groups, header[1] ?? '', at);
      kind = header[2] ?? 'hosts';
      if (!['hosts', 'children', 'vars'].includes(kind))
        problems.add(at, `“:${kind}” is not known; :children and :vars are`);
      continue;
    }
    addIniLine(current, kind, line, at, groups, problems);
  }
  return { file, groups };
}

interface MutableGroup {
  at: Position;
  hosts: Map<string, HostEntry>;
  children: string[];
  variables: Map<string, Entry>;
}

function groupOf(groups: Map<string, MutableGroup>, name: string, at: Position): MutableGroup {
  const known = groups.get(name);
  if (known) return known;
  const group = { at, hosts: new Map(), children: [], variables: new Map() };
  groups.set(name, group);
  return group;
}

function addIniLine(
  group: MutableGroup,
  kind: string,
  line: string,
  at: Position,
  groups: Map<string, MutableGroup>,
  problems: Problems,
): void {
  const words = line.replace(/\s#.*$/, '').match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  if (kind === 'children') {
    const [child = ''] = words;
    if (words.length !== 1) return problems.add(at, 'must be the name of one group');
    groupOf(groups, child, at);
    group.children.push(child);
    return;
  }
  if (kind === 'vars') return addIniVariable(group.variables, line, at, problems);
  const [name = '', ...assignments] = words;
  const variables = new Map(group.hosts.get(name)?.variables);
  for (const assignment of assignments) {
    if (assignment.startsWith('#')) break;
    addIniVariable(variables, assignment, at, problems);
  }
  group.hosts.set(name, { at, variables });
}

function addIniVariable(variables: Map<string, Entry>, assignment: string, at: Position, problems: Problems): void {
  const match = /^([\w.-]+)\s*=\s*(.*)$/.exec(assignment);
  if (!match) return problems.add(at, 'is not name=value');
  if (/^[^"']*\s#/.test(match[2] ?? ''))
    return problems.add(at, `${match[1] ?? ''} has a “#” in its value: put the value in quotes, or the comment on its own line`);
  const source = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  const value: Scalar = { kind: 'scalar', value: source, source, at };
  variables.set(match[1] ?? '', { at, value });
}
