import type { Rendering } from '../confs/cluster-template.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import { Budget } from '../../jinja/budget.ts';
import { SecretTexts } from '../../jinja/values/secret-texts.ts';
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

/** @param like One budget is for all of one reading, and a secret of one rendering is a secret of the next. */
export function renderingOf(
  inventory: Inventory | null,
  layers: readonly HostLayers[],
  like?: Pick<Rendering, 'budget' | 'secrets'>,
): Rendering {
  const ofCluster = layers.map(
    ({ host, ofGroups, own }) => [host.name, { host, variables: new Map([...ofGroups, ...own]) }] as const,
  );
  const all = inventory ? inventoried(inventory, new Map(ofCluster)) : { hosts: new Map(), groups: new Map() };
  return { all, budget: like?.budget ?? new Budget(), secrets: like?.secrets ?? new SecretTexts() };
}
