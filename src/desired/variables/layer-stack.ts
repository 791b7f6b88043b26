import type { Given, HostScope } from './host-variables.ts';
import type { Variables } from './node-variables.ts';
import type { Entry } from '../yaml/value.ts';

/** Layers of variables: later ones win, or are merged into the earlier ones where ansible.cfg says so. */
export class LayerStack {
  readonly #entries = new Map<string, Entry>();
  readonly #given = new Map<string, Given>();
  readonly #merges: boolean;

  /** @param merges `hash_behaviour = merge` */
  constructor(merges: boolean) {
    this.#merges = merges;
  }

  add(layer: Variables): void {
    for (const [name, entry] of layer) {
      const below = this.#merges && !this.#given.has(name) ? this.#entries.get(name) : undefined;
      this.#given.delete(name);
      this.#entries.set(name, below ? mergedEntry(below, entry) : entry);
    }
  }

  addGiven(layer: ReadonlyMap<string, Given>): void {
    for (const [name, given] of layer) this.#given.set(name, given);
  }

  get scope(): HostScope {
    return { variables: this.#entries, given: this.#given };
  }
}

/** Ansible’s `merge_hash`: mappings into one another, anything else replaced. */
export function mergedEntry(below: Entry, above: Entry): Entry {
  if (below.value.kind !== 'mapping' || above.value.kind !== 'mapping') return above;
  const entries = new Map(below.value.entries);
  for (const [name, entry] of above.value.entries) {
    const known = entries.get(name);
    entries.set(name, known ? mergedEntry(known, entry) : entry);
  }
  return { at: above.at, value: { ...above.value, entries } };
}
