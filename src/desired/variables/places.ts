import { dirname, posix } from 'node:path';
import type { Inventory } from '../inventory/inventory.ts';
import type { ClusterSettings } from '../rules/clusters.ts';

/** Where a cluster’s variables are. */
export interface Places {
  inventory: string;
  /** The folders of its sources; the inventory file’s where none are given. */
  beside?: readonly string[];
  /** The cluster’s group, and its variables file from redisops.yml. */
  group: string;
  groupVariables: string;
  hostVariables: string;
  /** The template’s role. */
  role: string | null;
  /** Whether the files are the team’s own play’s: read exactly as Ansible does. */
  isAnsibles?: boolean;
}

export interface VariableFolders {
  groups: readonly string[];
  hosts: readonly string[];
  roles: readonly string[];
}

/** The folders with a cluster’s variables. */
export function variableFolders({
  inventory,
  groupVariables,
  hostVariables,
  role,
  ...places
}: Places): VariableFolders {
  const beside = places.beside ?? [dirname(inventory)];
  return {
    // Those beside the inventory first: in Ansible those beside the playbook win.
    groups: [...new Set([...beside.map((folder) => posix.join(folder, 'group_vars')), dirname(groupVariables)])],
    hosts: [...new Set([...beside.map((folder) => posix.join(folder, 'host_vars')), hostVariables])],
    roles: role === null ? [] : [`${role}/defaults`, `${role}/vars`],
  };
}

/** Where its hosts’ variables are. @param inventory As read, or a path where it might be. */
export function placesOf(
  settings: ClusterSettings,
  inventory: Pick<Inventory, 'file' | 'folders'> | string,
  template = settings.template,
): Places {
  return {
    ...(typeof inventory === 'string' ? { inventory } : { inventory: inventory.file, beside: inventory.folders }),
    group: settings.group,
    groupVariables: settings.group_vars,
    hostVariables: settings.host_vars,
    role: roleOf(template),
    isAnsibles: template !== undefined,
  };
}

/** The folder of a template’s role; null if it belongs to none. */
export function roleOf(template: string | undefined): string | null {
  return /^((?:.*\/)?roles\/[^/]+)\/templates\//.exec(template ?? '')?.[1] ?? null;
}
