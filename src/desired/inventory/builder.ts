import type { Position, Problems } from '../source/problems.ts';
import type { Entry } from '../yaml/value.ts';
import { Inventory, type Group } from './inventory.ts';

const MOST_GROUPS = 1000;
const MOST_HOSTS = 20_000;
const MOST_VARIABLES = 1000;

/** Builds an inventory while its file is being read. */
export class InventoryBuilder {
  readonly #file: string;
  readonly #groups = new Map<string, Group>();
  #hosts = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The group of that name, created if necessary. */
  group(name: string, at: Position): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = { at, hosts: new Map(), children: new Set<string>(), variables: new Map(), priority: 1 };
    if (this.#groups.size <= MOST_GROUPS) this.#groups.set(name, group);
    return group;
  }

  /** The priority is a property of the group, not a variable. */
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

  /** From here on nothing more is added. */
  get isFull(): boolean {
    return this.#hosts > MOST_HOSTS || this.#groups.size > MOST_GROUPS;
  }

  /** Adds a host to a group, or variables to a host already in it; later ones win. */
  addHost(group: Group, host: string, at: Position, variables: ReadonlyMap<string, Entry>): void {
    if (this.isFull) return;
    this.#hosts += 1;
    const known = group.hosts.get(host);
    group.hosts.set(
      host,
      known ? { ...known, variables: new Map([...known.variables, ...variables]) } : { at, variables },
    );
  }

  /** Null if too large to process host by host. */
  built(problems: Problems): Inventory | null {
    const top = { file: this.#file, line: 1, column: 1 };
    const loaded = [...this.#groups.values()].find(
      ({ variables, hosts }) =>
        variables.size > MOST_VARIABLES || [...hosts.values()].some((host) => host.variables.size > MOST_VARIABLES),
    );
    if (loaded) problems.add(loaded.at, `has more than ${MOST_VARIABLES} variables for one group or host`);
    if (this.#groups.size > MOST_GROUPS) problems.add(top, `has more than ${MOST_GROUPS} groups`);
    if (this.#hosts > MOST_HOSTS) problems.add(top, `has more than ${MOST_HOSTS} hosts`);
    return loaded !== undefined || this.isFull ? null : new Inventory(this.#file, this.#groups);
  }
}
