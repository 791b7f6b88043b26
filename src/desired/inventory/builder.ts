import type { Position, Problems } from '../source/problems.ts';
import type { Entry } from '../yaml/value.ts';
import { Inventory, type Group } from './inventory.ts';

const MOST_GROUPS = 1000;
const MOST_HOSTS = 20_000;
const MOST_VARIABLES = 1000;

/** An inventory while its file is read. */
export class InventoryBuilder {
  readonly #file: string;
  readonly #groups = new Map<string, Group>();
  #hosts = 0;

  constructor(file: string) {
    this.#file = file;
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

  /** Null where it is too large to be gone through host by host. */
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
