import { posix } from 'node:path';
import type { TaskScope } from './scope.ts';

/** Where Ansible looks for a file that a task names, in its order. */
export function filePlaces(
  file: string,
  kind: 'tasks' | 'templates' | 'vars',
  { role, chain, folder, running }: TaskScope,
): readonly string[] {
  if (file === '' || file.startsWith('/')) return [];
  const roles = [...(role ? [role] : []), ...chain.toReversed()];
  const inRoles = roles.flatMap(({ path }) => [`${path}/${kind}/${file}`, `${path}/${file}`]);
  const near =
    kind === 'tasks'
      ? [`${folder}/${file}`, ...inRoles]
      : [...inRoles, `${folder}/${kind}/${file}`, `${folder}/${file}`];
  const ofPlay = [`${running.folder}/${kind}/${file}`, `${running.folder}/${file}`];
  const places = [...near, ...ofPlay].map((each) => posix.normalize(each).replace(/^\//, ''));
  return [...new Set(places)].filter((each) => !each.startsWith('..'));
}
