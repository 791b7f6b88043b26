import { posix } from 'node:path';
import type { RenderedTemplate } from '../../jinja/index.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { FoundTemplate } from '../plays/found-template.ts';
import { Problems } from '../source/problems.ts';
import type { HostScope, Inventoried } from '../variables/host-variables.ts';
import { LayerStack } from '../variables/layer-stack.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';

/** More are not read for one template. */
const MOST_HOSTS = 500;
/** A template that still asks for one at a time gets all that its groups have. */
const ONE_BY_ONE = 3;

/** Hosts of the inventory outside the cluster, read when a template asks for their variables. */
export class OutsideHosts {
  readonly #cluster: ClusterReading;
  readonly #inventory: Inventory;
  readonly #merges: boolean;
  readonly #known = new Map<string, HostScope & { groups: readonly string[] }>();

  constructor(cluster: ClusterReading, inventory: Inventory, merges: boolean) {
    this.#cluster = cluster;
    this.#inventory = inventory;
    this.#merges = merges;
  }

  /** Renders, and again with the hosts that were missing. The problems of the last attempt count. */
  async rendered(
    found: FoundTemplate,
    render: (found: FoundTemplate, problems: Problems) => RenderedTemplate | null,
  ): Promise<RenderedTemplate | null> {
    for (let attempt = 1; ; attempt += 1) {
      const wanted = new Set<string>();
      const problems = new Problems();
      const all: Inventoried = { ...found.all, hosts: new Map([...found.all.hosts, ...this.#known]), wanted };
      const made = render({ ...found, all }, problems);
      const missing = [...wanted].filter((name) => !this.#known.has(name));
      const isEnough = missing.length === 0 || this.#known.size + missing.length > MOST_HOSTS;
      if (made !== null || isEnough) {
        this.#cluster.problems.addAll(problems);
        return made;
      }
      const names = attempt < ONE_BY_ONE ? missing : this.#neighbors(missing);
      for (const name of names.slice(0, MOST_HOSTS)) await this.#read(name, posix.dirname(found.playbook));
    }
  }

  #neighbors(names: readonly string[]): readonly string[] {
    const groups = [...this.#inventory.members].filter(([, hosts]) => names.some((name) => hosts.includes(name)));
    return [...new Set(groups.flatMap(([, hosts]) => hosts))];
  }

  #host(name: string): InventoryHost | undefined {
    for (const group of this.#inventory.groups.keys()) {
      if (this.#inventory.members.get(group)?.includes(name) !== true) continue;
      const host = this.#inventory.hostsOf(group)?.find((each) => each.name === name);
      if (host) return host;
    }
    return undefined;
  }

  async #read(name: string, playbook: string): Promise<void> {
    const host = this.#host(name);
    if (!host) {
      this.#known.set(name, { variables: new Map(), groups: [] });
      return;
    }
    const places = { ...placesOf(this.#cluster.settings, this.#inventory), playbook };
    const stack = new LayerStack(this.#merges);
    for (const layer of await new RepositoryVariables(this.#cluster, places).ofInventory(host)) stack.add(layer);
    this.#known.set(name, { ...stack.scope, groups: host.groups });
  }
}
