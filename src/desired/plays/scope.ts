import type { HostScope } from '../variables/host-variables.ts';
import type { Variables } from '../variables/node-variables.ts';
import type { Entry, Value } from '../yaml/value.ts';
import { LayerStack } from '../variables/layer-stack.ts';
import { conditionsOf } from './syntax/tasks.ts';
import { entriesOf, isNever } from './syntax/parts.ts';
import type { PlayHost } from './play-host.ts';
import type { Play } from './syntax/playbook.ts';
import { addDefaults, addVars, type Role } from './roles.ts';

/** A play while it is read. */
export interface RunningPlay {
  play: Play;
  /** The folder of its playbook. */
  folder: string;
  hosts: readonly PlayHost[];
  /** With those that tasks import. */
  roles: Role[];
  /** `vars_files` by host. */
  files: ReadonlyMap<string, readonly Variables[]>;
}

/** What surrounds a task. */
export interface TaskScope {
  running: RunningPlay;
  role: Role | null;
  /** The roles around it, from the outermost; without its own. */
  chain: readonly Role[];
  /** `vars` of the blocks, includes and roles around it, then its own. */
  vars: readonly Variables[];
  /** `vars` of includes, which win over facts. */
  parameters: readonly Variables[];
  conditions: readonly Value[];
  /** Whether something around it may not run. */
  isMaybe: boolean;
  /** The folder of its file. */
  folder: string;
}

/** The scope inside of a block, or of a task; null where it never runs. */
export function within(scope: TaskScope, keywords: ReadonlyMap<string, Entry>): TaskScope | null {
  if (isNever(keywords)) return null;
  const vars = entriesOf(keywords.get('vars')?.value);
  const conditions = conditionsOf(keywords);
  return {
    ...scope,
    vars: vars.size === 0 ? scope.vars : [...scope.vars, vars],
    conditions: conditions.length === 0 ? scope.conditions : [...scope.conditions, ...conditions],
  };
}

/**
 * A host’s variables as a task sees them: Ansible’s precedence, from what yields to what wins. Extra variables (`-e`)
 * stand in no file; magic variables are `HostVariables`’ own.
 */
export function variablesOf(
  host: PlayHost,
  scope: TaskScope,
  rules: { merges: boolean; rolesArePrivate: boolean },
): HostScope {
  const { running, role, chain } = scope;
  const stack = new LayerStack(rules.merges);
  // Role defaults: those of all roles in the play, then those of the task’s own.
  for (const each of running.roles) addDefaults(each, [], stack);
  if (role) addDefaults(role, chain, stack);
  // Inventory, group_vars, host_vars.
  for (const layer of host.base) stack.add(layer);
  stack.add(running.play.vars);
  for (const layer of running.files.get(host.name) ?? []) stack.add(layer);
  // Role vars: those of all roles in the play, then those of the task’s own.
  if (!rules.rolesArePrivate) for (const each of running.roles) addVars(each, [], stack);
  if (role) addVars(role, chain, stack);
  // Blocks and tasks.
  for (const layer of scope.vars) stack.add(layer);
  // include_vars, then set_fact and register.
  host.addLive(stack);
  // Role parameters, then those of includes.
  if (role) for (const each of [...chain, role]) stack.add(each.parameters);
  for (const layer of scope.parameters) stack.add(layer);
  return stack.scope;
}
