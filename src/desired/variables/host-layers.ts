import type { Rendering } from '../confs/cluster-template.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import { Reading } from '../../jinja/index.ts';
import { inventoried, type LayeredVariables, type RepositoryVariables } from './repository-variables.ts';

export interface HostLayers extends LayeredVariables {
  host: InventoryHost;
}

export async function readLayers(
  hosts: readonly InventoryHost[],
  files: RepositoryVariables,
): Promise<readonly HostLayers[]> {
  const layers: HostLayers[] = [];
  for (const host of hosts) layers.push({ host, ...(await files.ofHost(host)) });
  return layers;
}

/** @param reading Of an earlier rendering: the steps left are for both, and a secret of one is a secret of the other. */
export function renderingOf(
  inventory: Inventory | null,
  layers: readonly HostLayers[],
  reading = new Reading(),
): Rendering {
  const ofCluster = layers.map(
    ({ host, ofGroups, own }) => [host.name, { host, variables: new Map([...ofGroups, ...own]) }] as const,
  );
  const all = inventory ? inventoried(inventory, new Map(ofCluster)) : { hosts: new Map(), groups: new Map() };
  return { all, reading };
}
