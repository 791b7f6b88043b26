import { posix } from 'node:path';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { InventoryHost } from '../inventory/inventory.ts';
import { roleOf } from '../variables/places.ts';
import type { FoundTemplate } from './found-template.ts';
import type { Play } from './syntax/playbook.ts';
import { literalOf, scalarOf } from './syntax/parts.ts';
import type { PlaySubject } from './read-plays.ts';
import { runPlaybook } from './run-playbook.ts';
import type { Task } from './syntax/tasks.ts';

/**
 * What a play with nothing but the template’s role would give the template: for repositories without a playbook. The
 * role’s own tasks count where one of them writes the template.
 */
export async function playbookOfRole(
  template: string,
  cluster: ClusterReading,
  subject: PlaySubject,
  all: readonly InventoryHost[],
): Promise<ReadonlyMap<string, FoundTemplate>> {
  const role = roleOf(template);
  const folder =
    role === null ? posix.dirname(posix.dirname(cluster.settings.group_vars)) : posix.dirname(posix.dirname(role));
  const playbook = posix.join(folder, 'site.yml');
  const at = { file: playbook, line: 1, column: 1 };
  const play: Play = {
    at,
    hosts: scalarOf(all.map(({ name }) => name).join(','), at),
    keywords: new Map(),
    vars: new Map(),
    files: [],
    prompts: [],
    roles: role === null ? [] : [scalarOf(posix.basename(role), at)],
    before: [],
    after: [],
  };
  const of = { cluster, ...subject, hosts: all, roleFolders: role === null ? [] : [posix.dirname(role)] };
  const byTasks = await runPlaybook(playbook, [play], of);
  const own = byTasks.found.filter(({ path }) => path === template);
  const found = own.length > 0 ? own : (await runPlaybook(playbook, [directly(play, role, template)], of)).found;
  const names = new Set(subject.hosts.map(({ name }) => name));
  return new Map(found.filter(({ host }) => names.has(host)).map((each) => [each.host, each]));
}

/** Without the role’s tasks: one in it that writes the template. */
function directly(play: Play, role: string | null, template: string): Play {
  const { at } = play;
  const source = role === null ? template : template.slice(`${role}/templates/`.length);
  const task: Task = {
    kind: 'task',
    at,
    action: 'template',
    given: new Map([
      ['src', literalOf(source, at)],
      ['dest', literalOf('', at)],
    ]),
    keywords: new Map(),
  };
  return { ...play, instead: [task] };
}
