import { setImmediate as othersTurn } from 'node:timers/promises';
import { posix } from 'node:path';
import { RedisopsError } from '../domain/error.ts';
import { Reading } from '../jinja/index.ts';
import { hostsOf, inventoriesOf, readInventory, type ClusterReading } from './inventory/read-inventory.ts';
import { includedFiles, includeFolder, parseTemplate } from './confs/cluster-template.ts';
import { readAnsibleConfig } from './plays/ansible-cfg.ts';
import { readPlays } from './plays/read-plays.ts';
import { CLUSTERS_FILE, chooseCluster, readClusters, type ClusterSettings } from './rules/clusters.ts';
import { Problems } from './source/problems.ts';
import { ParsedSource } from './source/parsed-source.ts';
import { placesOf, variableFolders } from './variables/places.ts';
import { readYamlMapping } from './yaml/mapping.ts';
import type { ConfigSource } from '../ports/git.ts';

/** Whether the cluster reads any of the changed paths. @throws CONFIG_INVALID, UNKNOWN_CLUSTER */
export async function touchesCluster(
  source: ConfigSource,
  cluster: string,
  changedPaths: readonly string[],
): Promise<boolean> {
  return (await managedPaths(source, cluster, changedPaths)).length > 0;
}

/** The paths that the cluster reads. @throws CONFIG_INVALID, UNKNOWN_CLUSTER */
export async function managedPaths(
  from: ConfigSource,
  cluster: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const source = ParsedSource.of(from);
  await othersTurn();
  const { settings } = chooseCluster(await readClusters(source), cluster);
  const inventories = inventoriesOf(settings);
  const templates = [settings.template, settings.sentinel_template].filter((path) => path !== undefined);
  const files = [CLUSTERS_FILE, settings.group_vars, ...inventories, ...templates];
  // Each may be a file or a folder of files.
  const sources = inventories.flatMap((inventory) => [inventory, `${inventory}/`]);
  const places = sources.flatMap((inventory) =>
    [settings.template, ...templates].map((template) => variableFolders(placesOf(settings, inventory, template))),
  );
  const folders = places.flatMap(({ hosts, roles }) => [...hosts, ...roles]);
  // The inventory decides which group files belong to the cluster.
  const ofGroups = places.flatMap(({ groups }) => groups);
  const isPlain = (path: string): boolean =>
    files.includes(path) || isWithin(path, folders) || isOfInventory(path, inventories);
  const included = await includedPaths(
    source,
    templates,
    paths.filter((path) => !isPlain(path)),
  );
  const ofPlays = await pathsOfPlays(
    source,
    settings,
    paths.filter((path) => !isPlain(path)),
  );
  const asks = paths.some((path) => !isPlain(path) && isWithin(path, ofGroups));
  const groups = asks ? await groupsAround(source, settings) : null;
  const isOfGroup = (path: string): boolean =>
    isWithin(path, ofGroups) && (groups === null || ofGroups.some((folder) => groups.has(groupOf(path, folder))));
  return paths.filter((path) => isPlain(path) || isOfGroup(path) || included.has(path) || ofPlays(path));
}

/** What plays, roles and ansible.cfg have to say. Only with a template; skipped if there is no other path. */
async function pathsOfPlays(
  source: ParsedSource,
  settings: ClusterSettings,
  paths: readonly string[],
): Promise<(path: string) => boolean> {
  if (settings.template === undefined || paths.length === 0) return () => false;
  const cluster = { source, settings, problems: new Problems(), vaultPassword: undefined };
  const inventory = await readInventory(cluster).catch(orNull);
  if (!inventory) return () => false;
  const config = await readAnsibleConfig(source, inventory.file, cluster.problems);
  const hosts = hostsOf(inventory, cluster);
  const { seen } = await readPlays(cluster, { inventory, hosts, config, reading: new Reading(config) });
  const folders = [...seen].filter((path) => path.endsWith('/'));
  return (path) =>
    posix.basename(path) === 'ansible.cfg' || seen.has(path) || folders.some((folder) => path.startsWith(folder));
}

function orNull(error: unknown): null {
  if (error instanceof RedisopsError && error.code === 'CONFIG_MISSING') return null;
  throw error;
}

/** Files included by the templates; skipped if none of the paths can be one. */
async function includedPaths(
  source: ParsedSource,
  templates: readonly string[],
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const template of templates) {
    if (!paths.some((path) => isWithin(path, [includeFolder(template)]))) continue;
    const problems = new Problems();
    const file = await source.parse(template, parseTemplate, { problems });
    const files = file.state === 'read' ? await includedFiles(source, template, file.value, problems) : new Map();
    for (const { path } of files.values()) found.add(path);
  }
  return found;
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** Whether it is a file in an inventory folder, besides the variables that it has for single groups. */
function isOfInventory(path: string, inventories: readonly string[]): boolean {
  return isWithin(path, inventories) && !/\/(?:group|host)_vars\//.test(path);
}

function groupOf(path: string, folder: string): string {
  const [name = ''] = path.slice(folder.length + 1).split('/');
  return path.startsWith(`${folder}/`) ? name.replace(/\.(?:ya?ml|json)$/, '') : '';
}

/** The groups of the cluster’s hosts; null if the inventory cannot be read. */
async function groupsAround(source: ParsedSource, settings: ClusterSettings): Promise<ReadonlySet<string> | null> {
  const reading = { source, settings, problems: new Problems(), vaultPassword: undefined };
  const inventory = await readInventory(reading).catch(orNull);
  const own = inventory?.groupsAround(settings.group) ?? null;
  const sentinels = own && (await sentinelGroup(reading));
  return own && sentinels ? new Set([...own, ...(inventory?.groupsAround(sentinels) ?? [])]) : own;
}

/** Where the cluster’s variables file names one: its hosts may be in no group of the cluster. */
async function sentinelGroup(reading: ClusterReading): Promise<string | null> {
  const file = await reading.source.parse(reading.settings.group_vars, readYamlMapping, reading);
  const named = file.state === 'read' ? file.value?.entries.get('redis_sentinel_group')?.value : undefined;
  return named?.kind === 'scalar' && typeof named.value === 'string' ? named.value : null;
}
