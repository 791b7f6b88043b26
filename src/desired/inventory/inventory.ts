import type { Position, Problems } from '../problems.ts';
import type { Entry } from '../yaml/value.ts';

const MOST_GROUPS = 1000;
const MOST_HOSTS = 20_000;
const MOST_VARIABLES = 1000;

export interface Group {
  at: Position;
  hosts: Map<string, HostEntry>;
  children: Set<string>;
  variables: Map<string, Entry>;
  /** `ansible_group_priority`: among groups of one depth the larger wins. */
  priority: number;
}

export interface HostEntry {
  at: Position;
  variables: ReadonlyMap<string, Entry>;
}

/** A host with the inventory’s variables: its groups’ ones, then its own. */
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
  readonly #groups = new Map<string, Group>();
  #hosts = 0;

  constructor(file: string) {
    this.file = file;
  }

  get groups(): ReadonlyMap<string, Group> {
    return this.#groups;
  }

  /** The group of that name; a new one where there is none yet. */
  group(name: string, at: Position): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = { at, hosts: new Map(), children: new Set<string>(), variables: new Map(), priority: 1 };
    if (this.#groups.size <= MOST_GROUPS) this.#groups.set(name, group);
    return group;
  }

  /** The group’s priority is a property of it, not a variable. */
  setVariable(group: Group, name: string, entry: Entry, problems: Problems): void {
    if (name !== 'ansible_group_priority') {
      group.variables.set(name, entry);
      return;
    }
    const { value } = entry;
    const priority = value.kind === 'scalar' && /^-?\d{1,9}$/.test(value.source) ? Number(value.source) : null;
    if (priority === null) problems.add(value.at, 'ansible_group_priority must be a whole number');
    else group.priority = priority;
  }

  /** From here on nothing more is taken in. */
  get isFull(): boolean {
    return this.#hosts > MOST_HOSTS || this.#groups.size > MOST_GROUPS;
  }

  /** Variables of a host that the group has already come on top. */
  addHost(group: Group, host: string, at: Position, variables: ReadonlyMap<string, Entry>): void {
    if (this.isFull) return;
    this.#hosts += 1;
    const known = group.hosts.get(host);
    group.hosts.set(
      host,
      known ? { ...known, variables: new Map([...known.variables, ...variables]) } : { at, variables },
    );
  }

  /** Whether it is too large to be gone through host by host. */
  refuseOversize(problems: Problems): boolean {
    const top = { file: this.file, line: 1, column: 1 };
    const loaded = [...this.#groups.values()].find(
      ({ variables, hosts }) =>
        variables.size > MOST_VARIABLES || [...hosts.values()].some((host) => host.variables.size > MOST_VARIABLES),
    );
    if (loaded) problems.add(loaded.at, `has more than ${MOST_VARIABLES} variables for one group or host`);
    if (this.#groups.size > MOST_GROUPS) problems.add(top, `has more than ${MOST_GROUPS} groups`);
    if (this.#hosts > MOST_HOSTS) problems.add(top, `has more than ${MOST_HOSTS} hosts`);
    return loaded !== undefined || this.isFull;
  }

  /** Hosts of a group and of its children, in the order of the file, so many at most. Null where there is no such group. */
  hostsOf(group: string, most = Infinity): readonly InventoryHost[] | null {
    if (!this.#groups.has(group)) return null;
    const places = this.#placesIn(group);
    const parents = parentsOf(this.#groups);
    const depths = new Map<string, number>();
    return [...places].slice(0, most).map(([name, at]) => {
      const listing = [...this.#groups].filter(([, { hosts }]) => hosts.has(name));
      const around = reached(
        listing.map(([each]) => each),
        (of) => parents.get(of) ?? [],
      );
      const groups = this.#inOrder([...around], parents, depths);
      return {
        name,
        at,
        groups,
        groupVariables: new Map(groups.flatMap((each) => [...(this.#groups.get(each)?.variables ?? [])])),
        // A host’s own variables may stand in any group that lists it.
        hostVariables: new Map(listing.flatMap(([, { hosts }]) => [...(hosts.get(name)?.variables ?? [])])),
      };
    });
  }

  /** `all`, and the groups that any of its hosts is in, with those around them. Null where there is no such group. */
  groupsAround(group: string): ReadonlySet<string> | null {
    if (!this.#groups.has(group)) return null;
    const inside = this.#placesIn(group);
    const parents = parentsOf(this.#groups);
    const listing = [...this.#groups].filter(([, { hosts }]) => [...hosts.keys()].some((host) => inside.has(host)));
    return reached(['all', ...listing.map(([name]) => name)], (of) => parents.get(of) ?? []);
  }

  #placesIn(group: string): ReadonlyMap<string, Position> {
    const places = new Map<string, Position>();
    for (const name of reached([group], (each) => this.#groups.get(each)?.children ?? []))
      for (const [host, { at }] of this.#groups.get(name)?.hosts ?? []) if (!places.has(host)) places.set(host, at);
    return places;
  }

  /** Every group with the names of its hosts and of its children’s hosts; `all` and `ungrouped` among them. */
  members(): ReadonlyMap<string, readonly string[]> {
    const parents = parentsOf(this.#groups);
    const inside = new Set(
      [...this.#groups].flatMap(([name, { hosts }]) =>
        name === 'all' || name === 'ungrouped' ? [] : [...hosts.keys()],
      ),
    );
    const roots = [...this.#groups.keys()].filter((name) => name !== 'all' && !parents.has(name));
    const members = new Map<string, readonly string[]>();
    const all = this.#groups.get('all');
    const everywhere = [
      ...reached(['all'], (each) => [...(this.#groups.get(each)?.children ?? []), ...(each === 'all' ? roots : [])]),
    ];
    const hostsIn = (names: Iterable<string>): string[] => [
      ...new Set([...names].flatMap((name) => [...(this.#groups.get(name)?.hosts.keys() ?? [])])),
    ];
    members.set('all', hostsIn(everywhere));
    const loose = [...(all?.hosts.keys() ?? [])].filter((host) => !inside.has(host));
    members.set('ungrouped', [...new Set([...hostsIn(['ungrouped']).filter((host) => !inside.has(host)), ...loose])]);
    for (const name of this.#groups.keys())
      if (!members.has(name))
        members.set(name, hostsIn(reached([name], (each) => this.#groups.get(each)?.children ?? [])));
    return members;
  }

  /** As in Ansible: `all` first, then from the outer groups to the inner, on one level by priority and name. */
  #inOrder(groups: readonly string[], parents: Parents, depths: Map<string, number>): readonly string[] {
    const inner = groups
      .filter((name) => name !== 'all')
      .map((name) => ({ name, depth: depthOf(name, parents, depths), priority: this.#groups.get(name)?.priority ?? 1 }))
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

/** The groups, and all that is reached from them step by step; each once. */
function reached(from: readonly string[], next: (name: string) => Iterable<string>): ReadonlySet<string> {
  const found = new Set(from);
  // A set may grow while it is being walked.
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}

/** How many groups it is inside of, by the longest way. */
function depthOf(group: string, parents: Parents, known: Map<string, number>): number {
  const before = known.get(group);
  if (before !== undefined) return before;
  if (group === 'all') return 0;
  // Groups that are inside of each other end here.
  known.set(group, 0);
  const outer = [...(parents.get(group) ?? [])].map((name) => depthOf(name, parents, known));
  const depth = 1 + Math.max(0, ...outer);
  known.set(group, depth);
  return depth;
}
