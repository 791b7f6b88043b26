import { dirname, posix } from 'node:path';
import type { Inventory } from '../inventory/inventory.ts';
import type { ClusterSettings } from '../rules/clusters.ts';

export const DEFAULT_GROUP_VARS = 'ansible/group_vars/redis.yml';
export const DEFAULT_HOST_VARS = 'ansible/host_vars';

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
  /** The folder of the playbook that is called; whose variables win over those beside the inventory. */
  playbook?: string;
}

export interface VariableFolders {
  groups: readonly string[];
  hosts: readonly string[];
  roles: readonly string[];
}

/** The folders with a cluster’s variables. */
export function variableFolders(places: Places): VariableFolders {
  const { inventory, groupVariables, hostVariables, role, playbook } = places;
  const beside = places.beside ?? [dirname(inventory)];
  // Of a playbook, Ansible reads nothing but what is beside it; redisops.yml may name more.
  const isOwn = (path: string, usual: string): boolean => playbook === undefined || path !== usual;
  const ofPlays = (name: string): readonly string[] => (playbook === undefined ? [] : [posix.join(playbook, name)]);
  return {
    // Those beside the inventory first: in Ansible those beside the playbook win.
    groups: [
      ...new Set([
        ...beside.map((each) => posix.join(each, 'group_vars')),
        ...(isOwn(groupVariables, DEFAULT_GROUP_VARS) ? [dirname(groupVariables)] : []),
        ...ofPlays('group_vars'),
      ]),
    ],
    hosts: [
      ...new Set([
        ...beside.map((each) => posix.join(each, 'host_vars')),
        ...(isOwn(hostVariables, DEFAULT_HOST_VARS) ? [hostVariables] : []),
        ...ofPlays('host_vars'),
      ]),
    ],
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
