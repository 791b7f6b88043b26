import { setImmediate as othersTurn } from 'node:timers/promises';
import { Reading } from '../../jinja/index.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { Rendering } from './host-variables.ts';
import { inventoried, type LayeredVariables, type RepositoryVariables } from './repository-variables.ts';

export interface HostLayers {
  host: InventoryHost;
  layers: LayeredVariables;
}

export async function readLayers(
  hosts: readonly InventoryHost[],
  files: RepositoryVariables,
): Promise<readonly HostLayers[]> {
  const read: HostLayers[] = [];
  for (const host of hosts) {
    await othersTurn();
    read.push({ host, layers: await files.ofHost(host) });
  }
  return read;
}

/** @param reading Of an earlier rendering: both share the remaining steps and the secrets. */
export function renderingOf(
  inventory: Inventory | null,
  hosts: readonly HostLayers[],
  reading = new Reading(),
): Rendering {
  const ofCluster = hosts.map(
    ({ host, layers: { ofGroups, own } }) => [host.name, { host, variables: new Map([...ofGroups, ...own]) }] as const,
  );
  const all = inventory ? inventoried(inventory, new Map(ofCluster)) : { hosts: new Map(), groups: new Map() };
  return { all, reading };
}
