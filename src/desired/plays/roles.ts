import { posix } from 'node:path';
import type { ParsedSource } from '../source/parsed-source.ts';
import { Problems, type Position } from '../source/problems.ts';
import type { Variables } from '../variables/node-variables.ts';
import type { RepositoryVariables } from '../variables/repository-variables.ts';
import { readYaml } from '../yaml/mapping.ts';
import type { Entry, Value } from '../yaml/value.ts';
import type { LayerStack } from '../variables/layer-stack.ts';
import { entriesOf, itemsOf, textOf } from './syntax/parts.ts';

/** A role as a play, a task or another role names it. */
export interface Role {
  name: string;
  /** Its folder. */
  path: string;
  at: Position;
  defaults: readonly Variables[];
  vars: readonly Variables[];
  /** `vars:` where it is named. */
  given: Variables;
  /** Further names where it is named: `{ role: redis, redis_port: 6380 }`. */
  parameters: Variables;
  dependencies: readonly Role[];
  keywords: ReadonlyMap<string, Entry>;
}

/** `tasks_from` and the like. */
export interface RoleParts {
  defaults?: string;
  vars?: string;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'role name vars when tags become become_exe become_flags become_method become_user any_errors_fatal check_mode ' +
    'collections connection debugger delegate_facts delegate_to diff environment ignore_errors ignore_unreachable ' +
    'module_defaults no_log port remote_user run_once throttle timeout src version scm'
  ).split(' '),
);
const DEEPEST = 10;
const MOST = 200;

/** Finds and reads the roles of a repository, each once for what names it. */
export class Roles {
  readonly #source: ParsedSource;
  readonly #files: RepositoryVariables;
  /** Where roles may be, in Ansible’s order. */
  folders: readonly string[] = [];
  /** Paths that were looked at, whether they are there or not. */
  readonly seen = new Set<string>();
  #count = 0;

  constructor(source: ParsedSource, files: RepositoryVariables) {
    this.#source = source;
    this.#files = files;
  }

  /** A role’s name where it is named: `redis`, `{ role: redis }`. */
  nameIn(value: Value): string | null {
    const entries = entriesOf(value);
    return textOf(entries.get('role')?.value ?? entries.get('name')?.value) ?? textOf(value);
  }

  /** Null if the repository does not have it. */
  async load(name: string, value: Value, parts: RoleParts = {}, depth = 0): Promise<Role | null> {
    this.#count += 1;
    const path = depth > DEEPEST || this.#count > MOST ? null : await this.#folderOf(name);
    if (path === null) return null;
    const keywords = entriesOf(value);
    const parameters = new Map([...keywords].filter(([key]) => !KEYWORDS.has(key)));
    return {
      name: posix.basename(name),
      path,
      at: value.at,
      defaults: await this.#variables(path, 'defaults', parts.defaults ?? 'main'),
      vars: await this.#variables(path, 'vars', parts.vars ?? 'main'),
      given: entriesOf(keywords.get('vars')?.value),
      parameters,
      dependencies: await this.#dependencies(path, depth),
      keywords,
    };
  }

  async #variables(path: string, part: string, name: string): Promise<readonly Variables[]> {
    this.seen.add(`${path}/${part}/`);
    const [folder, file] = [posix.join(`${path}/${part}`, posix.dirname(name)), posix.basename(name)];
    return this.#files.find(folder, file.replace(/\.(?:ya?ml|json)$/, ''));
  }

  async #dependencies(path: string, depth: number): Promise<readonly Role[]> {
    const found: Role[] = [];
    for (const extension of ['yml', 'yaml', 'json']) {
      const file = `${path}/meta/main.${extension}`;
      this.seen.add(file);
      const meta = await this.#source.parse(file, readYaml, { problems: new Problems() });
      if (meta.state !== 'read') continue;
      for (const item of itemsOf(entriesOf(meta.value ?? undefined).get('dependencies')?.value)) {
        const name = this.nameIn(item);
        const role = name === null ? null : await this.load(name, item, {}, depth + 1);
        if (role) found.push(role);
      }
      return found;
    }
    return found;
  }

  async #folderOf(name: string): Promise<string | null> {
    if (/[{}]/.test(name)) return null;
    for (const folder of this.folders) {
      const path = posix.normalize(posix.join(folder, name));
      if (path.startsWith('..') || path.startsWith('/')) continue;
      // A submodule, or a link that leads outside, is not in the repository either.
      const inside = await this.#source.names(path).catch(() => new Set());
      if (inside.size > 0) return path;
    }
    return null;
  }
}

/** Dependencies of dependencies come first. */
function dependenciesOf(role: Role): readonly Role[] {
  return role.dependencies.flatMap((each) => [...dependenciesOf(each), each]);
}

/** A role’s defaults as one of its tasks sees them. @param chain The roles around it, from the outermost. */
export function addDefaults(role: Role, chain: readonly Role[], stack: LayerStack): void {
  for (const each of [...dependenciesOf(role), ...chain, role]) for (const layer of each.defaults) stack.add(layer);
}

/** A role’s vars, and those of the roles that it needs. */
export function addVars(role: Role, chain: readonly Role[], stack: LayerStack): void {
  for (const parent of chain) addOwnVars(parent, stack);
  for (const each of dependenciesOf(role)) addOwnVars(each, stack);
  addOwnVars(role, stack);
}

function addOwnVars({ given, vars }: Role, stack: LayerStack): void {
  stack.add(given);
  for (const layer of vars) stack.add(layer);
}
