import { posix } from 'node:path';
import { Dict, List, type Value } from '../../jinja/index.ts';
import type { AnsibleConfig } from './ansible-cfg.ts';
import type { FoundTemplate } from './found-template.ts';
import type { TaskScope } from './scope.ts';

/** Stands for the folder of the checkout, which is another on each machine: `basename` of it is not, but nothing may print it. */
export const CHECKOUT = '/\u2039checkout\u203A';

/** The Ansible whose bytes redisops prints. */
const VERSION = [2n, 14n, 18n] as const;

export function checkedOut(path: string): string {
  return posix.join(CHECKOUT, path);
}

/** Ansible’s magic variables of an inventory: the same in each play. */
export function magicOfInventory(inventory: string): ReadonlyMap<string, Value> {
  const [major, minor, revision] = VERSION;
  const full = VERSION.join('.');
  return new Map<string, Value>([
    ['inventory_file', checkedOut(inventory)],
    ['inventory_dir', checkedOut(posix.dirname(inventory))],
    [
      'ansible_version',
      new Dict([
        ['string', full],
        ['full', full],
        ['major', major],
        ['minor', minor],
        ['revision', revision],
      ]),
    ],
    ['ansible_check_mode', false],
    ['ansible_diff_mode', false],
  ]);
}

/** Those of a play, and of a task in it. */
export function magicOf({ running, role }: TaskScope): ReadonlyMap<string, Value> {
  const { play, hosts, roles, folder } = running;
  const names = (): List => new List(hosts.map(({ name }) => name));
  const ofRoles = [...new Set(roles.map(({ name }) => name))];
  return new Map<string, Value>([
    ['playbook_dir', checkedOut(folder)],
    ['play_hosts', names()],
    ['ansible_play_hosts', names()],
    ['ansible_play_hosts_all', names()],
    ['ansible_play_batch', names()],
    ['role_names', new List(ofRoles)],
    ['ansible_play_role_names', new List(ofRoles)],
    ['ansible_play_name', nameOf(play.keywords.get('name')?.value, play.hosts)],
    ...(role
      ? ([
          ['role_name', role.name],
          ['role_path', checkedOut(role.path)],
        ] as const)
      : []),
    // Whatever a variable of that name says.
    ['environment', new List([])],
  ]);
}

function nameOf(name: { kind: string; source?: string } | undefined, hosts: { kind: string; source?: string }): string {
  return name?.source ?? hosts.source ?? '';
}

/** What the template module adds. The machine that renders, its user and the file’s time are refused where they are used. */
export function magicOfTemplate(
  { source, path, destination }: FoundTemplate,
  { managed }: AnsibleConfig,
): ReadonlyMap<string, Value> {
  const text = (managed?.text ?? 'Ansible managed').replaceAll('{file}', source);
  return new Map<string, Value>([
    ['ansible_managed', text],
    ['template_path', source],
    ['template_fullpath', checkedOut(path)],
    ['template_destpath', destination],
  ]);
}
