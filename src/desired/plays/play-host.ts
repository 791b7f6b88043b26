import type { InventoryHost } from '../inventory/inventory.ts';
import type { Given, HostScope } from '../variables/host-variables.ts';
import type { Variables } from '../variables/node-variables.ts';
import { LayerStack } from '../variables/layer-stack.ts';

/** A host of the cluster while plays are read. */
export class PlayHost {
  readonly host: InventoryHost;
  readonly groups: readonly string[];
  /** Of inventory, group_vars and host_vars; later ones win. */
  #base: readonly Variables[] = [];
  readonly #merges: boolean;
  /** `include_vars`, in this play and earlier ones. */
  #included: readonly Variables[] = [];
  /** `set_fact`, `register`, and names that cannot be worked out. */
  #facts: ReadonlyMap<string, Given> = new Map();
  #seen: HostScope | null = null;

  constructor(host: InventoryHost, groups: readonly string[], merges: boolean) {
    this.host = host;
    this.groups = groups;
    this.#merges = merges;
  }

  get name(): string {
    return this.host.name;
  }

  get base(): readonly Variables[] {
    return this.#base;
  }

  /** Each playbook has its own group_vars and host_vars. */
  set base(base: readonly Variables[]) {
    this.#base = base;
    this.#seen = null;
  }

  include(variables: Variables): void {
    this.#included = [...this.#included, variables];
    this.#facts = new Map([...this.#facts].filter(([name, { kind }]) => kind === 'made' || !variables.has(name)));
    this.#seen = null;
  }

  setFact(name: string, given: Given): void {
    this.#facts = new Map([...this.#facts, [name, given]]);
    this.#seen = null;
  }

  addLive(stack: LayerStack): void {
    for (const layer of this.#included) stack.add(layer);
    stack.addGiven(this.#facts);
  }

  /** What others see of it now, as `hostvars`. */
  get seen(): HostScope {
    if (this.#seen) return this.#seen;
    const stack = new LayerStack(this.#merges);
    for (const layer of this.base) stack.add(layer);
    this.addLive(stack);
    this.#seen = stack.scope;
    return this.#seen;
  }
}
