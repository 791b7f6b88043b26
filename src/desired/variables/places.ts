import { dirname, posix } from 'node:path';
import type { ClusterSettings } from '../rules/clusters.ts';

/** Where a cluster’s variables stand. */
export interface Places {
  inventory: string;
  /** The cluster’s group, and the file with its variables as redisops.yml has it. */
  group: string;
  groupVariables: string;
  hostVariables: string;
  /** The role that the template is of. */
  role: string | null;
}

export interface VariableFolders {
  groups: readonly string[];
  hosts: readonly string[];
  roles: readonly string[];
}

/** The folders that a cluster’s variables are read from. */
export function variableFolders({ inventory, groupVariables, hostVariables, role }: Places): VariableFolders {
  const beside = dirname(inventory);
  return {
    // Those beside the inventory first: Ansible lets those beside the playbook win.
    groups: [...new Set([posix.join(beside, 'group_vars'), dirname(groupVariables)])],
    hosts: [...new Set([posix.join(beside, 'host_vars'), hostVariables])],
    roles: role === null ? [] : [`${role}/defaults`, `${role}/vars`],
  };
}

/** Where the variables of its hosts are. */
export function placesOf(settings: ClusterSettings, inventory: string, template = settings.template): Places {
  return {
    inventory,
    group: settings.group,
    groupVariables: settings.group_vars,
    hostVariables: settings.host_vars,
    role: roleOf(template),
  };
}

/** The role that a template is of, as a folder; null where it is of none. */
export function roleOf(template: string | undefined): string | null {
  return /^((?:.*\/)?roles\/[^/]+)\/templates\//.exec(template ?? '')?.[1] ?? null;
}
