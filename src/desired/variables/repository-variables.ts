import { dirname, posix } from 'node:path';
import type { Secret } from '../../domain/secret.ts';
import type { Inventoried } from './host-variables.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { Variables } from './node-variables.ts';
import type { Problems } from '../source/problems.ts';
import type { ParsedSource } from '../source/parsed-source.ts';
import { isHostName } from '../inventory/host-name.ts';
import { variableFolders, type Places, type VariableFolders } from './places.ts';
import { readAnsibleMapping, readYamlMapping } from '../yaml/mapping.ts';

/** In Ansible’s order; the first existing file counts. */
const EXTENSIONS = ['', '.yml', '.yaml', '.json'];
const MOST_FILES = 100;
const DEEPEST = 10;

export interface VariableFiles {
  source: ParsedSource;
  problems: Problems;
  vaultPassword: Secret | undefined;
}

/** A host’s variables, by origin. */
export interface LayeredVariables {
  /** From a role’s defaults and from groups: shared by the cluster. */
  ofGroups: Variables;
  /** From the host, and from a role’s vars. */
  own: Variables;
}

/** Reads the variables files. */
export class RepositoryVariables {
  readonly #reading: VariableFiles;
  readonly #places: Places;
  readonly #folders: VariableFolders;

  constructor(reading: VariableFiles, places: Places) {
    this.#reading = reading;
    this.#places = places;
    this.#folders = variableFolders(places);
  }

  /** Whether the cluster’s group has a variables file or folder. */
  async hasGroup(): Promise<boolean> {
    return (await this.#ofGroup(this.#places.group)).length > 0;
  }

  /** Only the cluster’s group, if there are no hosts. */
  async ofGroup(): Promise<Variables> {
    return merged((await this.#ofGroup(this.#places.group)).flat());
  }

  /** In Ansible’s order; later ones win. */
  async ofHost(host: InventoryHost): Promise<LayeredVariables> {
    const { groups: groupFolders, hosts: hostFolders } = this.#folders;
    const layers: Variables[] = [...(await this.#ofRole('defaults')), host.groupVariables];
    for (const folder of groupFolders) layers.push(...(await this.#find(folder, 'all')));
    const inner = host.groups.filter((group) => group !== 'all');
    for (const folder of groupFolders)
      for (const group of inner)
        layers.push(...(await this.#find(folder, group)), ...(await this.#named(folder, group)));
    const own: Variables[] = [host.hostVariables];
    // Other names have been reported, and must not form a path.
    if (isHostName(host.name)) for (const folder of hostFolders) own.push(...(await this.#find(folder, host.name)));
    return { ofGroups: merged(layers), own: merged([...own, ...(await this.#ofRole('vars'))]) };
  }

  /** `NAME` in a folder, as a role’s `vars/main`: one file, or all of a folder’s. */
  find(folder: string, name: string): Promise<readonly Variables[]> {
    return this.#find(folder, name);
  }

  /** One file; null if it is not there. */
  file(path: string): Promise<Variables | null> {
    return this.#file(path);
  }

  /** All variables files of a folder. */
  folder(path: string): Promise<readonly Variables[]> {
    return this.#folder(path);
  }

  /** What others see of a host, as Ansible’s `hostvars`: nothing of roles. In Ansible’s order. */
  async ofInventory(host: InventoryHost): Promise<readonly Variables[]> {
    const { groups: groupFolders, hosts: hostFolders } = this.#folders;
    const layers: Variables[] = [host.groupVariables];
    for (const folder of groupFolders) layers.push(...(await this.#find(folder, 'all')));
    const inner = host.groups.filter((group) => group !== 'all');
    for (const folder of groupFolders)
      for (const group of inner)
        layers.push(...(await this.#find(folder, group)), ...(await this.#named(folder, group)));
    layers.push(host.hostVariables);
    // Other names have been reported, and must not form a path.
    if (isHostName(host.name)) for (const folder of hostFolders) layers.push(...(await this.#find(folder, host.name)));
    return layers;
  }

  async #ofGroup(group: string): Promise<readonly Variables[]> {
    const found: Variables[] = [];
    for (const folder of this.#folders.groups)
      found.push(...(await this.#find(folder, group)), ...(await this.#named(folder, group)));
    return found;
  }

  /** The file named in redisops.yml, if Ansible would not find it by the group’s name. */
  async #named(folder: string, group: string): Promise<readonly Variables[]> {
    const { groupVariables, group: ofCluster } = this.#places;
    if (group !== ofCluster || dirname(groupVariables) !== folder) return [];
    const base = posix.basename(groupVariables);
    if (EXTENSIONS.some((extension) => base === group + extension)) return [];
    const file = await this.#file(groupVariables);
    return file ? [file] : [];
  }

  async #ofRole(part: 'defaults' | 'vars'): Promise<readonly Variables[]> {
    const { role } = this.#places;
    return role === null ? [] : this.#find(`${role}/${part}`, 'main');
  }

  /** `NAME` as a folder or a file, `NAME.yml` and so on. */
  async #find(folder: string, name: string): Promise<readonly Variables[]> {
    const names = await this.#reading.source.names(folder);
    for (const extension of EXTENSIONS) {
      const path = posix.join(folder, name + extension);
      if (names.has(`${name}${extension}/`)) return this.#folder(path);
      if (!names.has(name + extension)) continue;
      const file = await this.#file(path);
      return file ? [file] : [];
    }
    return [];
  }

  /** All variables files in a folder and its subfolders. */
  async #folder(folder: string): Promise<readonly Variables[]> {
    const paths = await this.#pathsIn(folder, 1, { folders: 0 });
    if (paths.length > MOST_FILES)
      this.#reading.problems.add({ file: folder, line: 1, column: 1 }, `has more than ${MOST_FILES} files`);
    const files: Variables[] = [];
    for (const path of paths.slice(0, MOST_FILES)) files.push((await this.#file(path)) ?? new Map());
    return files;
  }

  /** By name, files and folders together; skips folders named like files. */
  async #pathsIn(folder: string, depth: number, walk: { folders: number }): Promise<readonly string[]> {
    walk.folders += 1;
    // Links within a checkout may lead in circles.
    if (depth > DEEPEST || walk.folders > MOST_FILES) {
      this.#reading.problems.add(
        { file: folder, line: 1, column: 1 },
        walk.folders > MOST_FILES ? `has more than ${MOST_FILES} folders` : `is more than ${DEEPEST} folders deep`,
      );
      return [];
    }
    const names = [...(await this.#reading.source.names(folder))].map((each) => ({
      name: each.replace(/\/$/, ''),
      inside: each.endsWith('/'),
    }));
    const paths: string[] = [];
    for (const { name, inside } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const extension = posix.extname(name);
      if (name.startsWith('.') || name.endsWith('~') || !EXTENSIONS.includes(extension)) continue;
      if (!inside) paths.push(posix.join(folder, name));
      else if (extension === '') paths.push(...(await this.#pathsIn(posix.join(folder, name), depth + 1, walk)));
      if (paths.length > MOST_FILES) break;
    }
    return paths;
  }

  /** Null if missing; empty if it has mistakes. */
  async #file(path: string): Promise<Variables | null> {
    const parse = this.#places.isAnsibles ? readAnsibleMapping : readYamlMapping;
    const file = await this.#reading.source.parse(path, parse, this.#reading);
    if (file.state === 'absent') return null;
    return (file.state === 'read' ? file.value?.entries : undefined) ?? new Map();
  }
}

function merged(layers: readonly Variables[]): Variables {
  return new Map(layers.flatMap((layer) => [...layer]));
}

/** All hosts of the inventory; those of the cluster with variables. */
export function inventoried(
  { members }: Inventory,
  ofCluster: ReadonlyMap<string, { host: InventoryHost; variables: Variables }>,
): Inventoried {
  const hosts = [...ofCluster].map(
    ([name, { host, variables }]) => [name, { variables, groups: groupsOf(name, host, members) }] as const,
  );
  return { groups: members, hosts: new Map(hosts) };
}

function groupsOf(
  name: string,
  { groups }: InventoryHost,
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return members.get('ungrouped')?.includes(name) === true
    ? [...new Set([...groups, 'ungrouped'])]
    : groups.filter((group) => group !== 'ungrouped');
}
