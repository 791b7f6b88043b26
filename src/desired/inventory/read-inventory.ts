import { RedisopsError } from '../../domain/error.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import type { Secret } from '../../domain/secret.ts';
import type { ClusterSettings } from '../rules/clusters.ts';
import { mergedInventory } from './merged.ts';
import { parseInventory } from './parse.ts';
import { sourceAt, type InventorySource } from './sources.ts';
import type { Inventory, InventoryHost } from './inventory.ts';
import { quoted } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import type { ParsedSource } from '../source/parsed-source.ts';

const INVENTORIES = ['ansible/inventory/hosts.yml', 'ansible/inventory/hosts.ini'] as const;
const MOST_HOSTS = 100;

/** A cluster of a repository while it is being read. */
export interface ClusterReading {
  source: ParsedSource;
  settings: ClusterSettings;
  problems: Problems;
  vaultPassword: Secret | undefined;
}

/** The places of the cluster’s inventory; without a setting, the first that is there counts. */
export function inventoriesOf({ inventory }: ClusterSettings): readonly string[] {
  if (inventory === undefined) return INVENTORIES;
  return typeof inventory === 'string' ? [inventory] : inventory;
}

/** Null if it has mistakes. @throws CONFIG_MISSING */
export async function readInventory(reading: ClusterReading): Promise<Inventory | null> {
  const { source, settings } = reading;
  const paths = inventoriesOf(settings);
  const sources: InventorySource[] = [];
  for (const path of paths) {
    const found = await sourceAt(path, source, reading.problems);
    if (found) sources.push(found);
    else if (settings.inventory !== undefined) throw configMissing(path);
    if (found && settings.inventory === undefined) break;
  }
  if (sources.length === 0) throw configMissing(paths.join(' or '));
  const read: Inventory[] = [];
  for (const path of sources.flatMap(({ files }) => files)) {
    const file = await source.parse(path, parseInventory, reading);
    if (file.state !== 'read' || !file.value) return null;
    read.push(file.value);
  }
  return mergedInventory(read, [...new Set(sources.map(({ folder }) => folder))]);
}

/** The cluster’s hosts; empty if its group has mistakes. */
export function hostsOf(inventory: Inventory, { settings, problems }: ClusterReading): readonly InventoryHost[] {
  const top = { file: inventory.file, line: 1, column: 1 };
  const hosts = inventory.hostsOf(settings.group, MOST_HOSTS + 1);
  if (hosts === null) problems.add(top, noGroup(inventory, settings.group));
  else if (hosts.length === 0)
    problems.add(inventory.groups.get(settings.group)?.at ?? top, `group ${quoted(settings.group)} has no hosts`);
  else if (hosts.length > MOST_HOSTS)
    problems.add(top, `group ${quoted(settings.group)} has more than ${MOST_HOSTS} hosts`);
  return (hosts ?? []).slice(0, MOST_HOSTS);
}

function noGroup({ groups }: Inventory, wanted: string): string {
  const names = [...groups.keys()].filter((name) => name !== 'all' && name !== 'ungrouped');
  const there = names.length === 0 ? 'It has none.' : `It has ${names.slice(0, 5).map(quoted).join(', ')}.`;
  return `has no group ${quoted(wanted)}.${didYouMean(wanted, names)} ${there} redisops.yml can name another one`;
}

export function configMissing(path: string): RedisopsError {
  return new RedisopsError('CONFIG_MISSING', `The repository has no ${path}.`, {
    hint: 'Is it a configuration repository? redisops.yml can name other paths.',
  });
}
