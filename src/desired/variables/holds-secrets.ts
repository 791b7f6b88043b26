import { RedisopsError } from '../../domain/error.ts';
import { hostsOf, readInventory } from '../inventory/read-inventory.ts';
import { chooseCluster, readClusters } from '../rules/clusters.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { Problems } from '../source/problems.ts';
import type { Value } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { readLayers } from './host-layers.ts';
import { placesOf } from './places.ts';
import { RepositoryVariables } from './repository-variables.ts';
import { isSecretName } from './secret-names.ts';

/**
 * Whether a template of the cluster could read a secret: a vaulted value, or a variable with a secret’s name. True as
 * well if a file cannot be read. @throws GITHUB_FAILED
 */
export async function holdsSecrets(from: ConfigSource, cluster: string): Promise<boolean> {
  try {
    return await canReadSecret(ParsedSource.of(from), cluster);
  } catch (error) {
    if (error instanceof RedisopsError && error.code !== 'GITHUB_FAILED') return true;
    throw error;
  }
}

async function canReadSecret(source: ParsedSource, cluster: string): Promise<boolean> {
  const { settings } = chooseCluster(await readClusters(source), cluster);
  // Without the vault’s password a vaulted file is a problem.
  const problems = new Problems();
  const reading = { source, settings, problems, vaultPassword: undefined };
  const inventory = await readInventory(reading);
  if (!inventory) return true;
  const hosts = hostsOf(inventory, reading);
  for (const template of [settings.template, settings.sentinel_template]) {
    const places = placesOf(settings, inventory, template);
    for (const { layers } of await readLayers(hosts, new RepositoryVariables(reading, places)))
      for (const [name, { value }] of [...layers.ofGroups, ...layers.own]) if (holds(name, value)) return true;
  }
  return problems.found.length > 0;
}

function holds(name: string, value: Value): boolean {
  switch (value.kind) {
    case 'vaulted':
      return true;
    case 'scalar':
      return value.confidential || (isSecretName(name) && value.value !== null && value.value !== '');
    case 'sequence':
      return value.items.some((item) => holds(name, item));
    case 'mapping':
      return [...value.entries].some(([inner, entry]) => holds(isSecretName(name) ? name : inner, entry.value));
  }
}
