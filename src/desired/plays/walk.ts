import { posix } from 'node:path';
import { mistakeOf, TemplateMistake, type Reading, type Value } from '../../jinja/index.ts';
import { templateTask } from './template-task.ts';
import { Problems, type Position } from '../source/problems.ts';
import type { ParsedSource } from '../source/parsed-source.ts';
import type { HostVariables, Inventoried } from '../variables/host-variables.ts';
import type { RepositoryVariables } from '../variables/repository-variables.ts';
import { readYaml } from '../yaml/mapping.ts';
import type { Value as YamlValue } from '../yaml/value.ts';
import type { AnsibleConfig } from './ansible-cfg.ts';
import { Asking, type Item, type Runs } from './asking.ts';
import { filePlaces } from './file-places.ts';
import type { FoundTemplate } from './found-template.ts';
import { changesFile, isSameFile } from './later-changes.ts';
import { includedVariables } from './include-vars.ts';
import { entriesOf, isYes, scalarOf, textOf } from './syntax/parts.ts';
import type { PlayHost } from './play-host.ts';
import type { Role, Roles } from './roles.ts';
import { within, type TaskScope } from './scope.ts';
import { namesSetBy, stepsIn, type Step, type Task } from './syntax/tasks.ts';

/** What the walk reads, and where it says what it finds. */
export interface WalkReading {
  source: ParsedSource;
  files: RepositoryVariables;
  roles: Roles;
  config: AnsibleConfig;
  groups: Inventoried['groups'];
  magic: ReadonlyMap<string, Value>;
  reading: Reading;
  vaultPassword: ConstructorParameters<typeof RepositoryVariables>[0]['vaultPassword'];
}

const MOST_TASKS = 20_000;
const DEEPEST = 25;
/**
 * Goes through a play’s tasks as Ansible would, task by task and host by host, without running any: it follows
 * includes, sets facts where they can be worked out, and finds the template tasks. A name that only the nodes know is
 * refused where a template uses it.
 */
export class Walk {
  readonly found: FoundTemplate[] = [];
  /** The files it read, or looked for. */
  readonly seen = new Set<string>();
  readonly #of: WalkReading;
  readonly #playbook: string;
  readonly #asking: Asking;
  readonly #done = new Set<string>();
  #tasks = 0;
  #depth = 0;

  /** @param hosts All of the cluster’s. */
  constructor(of: WalkReading, playbook: string, hosts: readonly PlayHost[]) {
    this.#of = of;
    this.#playbook = playbook;
    this.#asking = new Asking(of, hosts);
  }

  async steps(steps: readonly Step[], hosts: readonly PlayHost[], scope: TaskScope): Promise<void> {
    for (const step of steps) {
      const inner = within(scope, step.keywords);
      if (!inner || hosts.length === 0) continue;
      if (step.kind === 'task') await this.#task(step, hosts, inner);
      else {
        await this.steps(step.steps, hosts, inner);
        await this.steps(step.rescue, hosts, { ...inner, isMaybe: true });
        await this.steps(step.always, hosts, inner);
      }
    }
  }

  /** A role of a play: those that it needs first, each once. */
  async role(role: Role, hosts: readonly PlayHost[], around: TaskScope, tasks = 'main'): Promise<void> {
    const scope = within({ ...around, vars: around.vars }, role.keywords);
    if (!scope) return;
    // `vars` where a role is named yield to its own.
    const own: TaskScope = { ...scope, vars: around.vars, role };
    const chain = around.role ? [...around.chain, around.role] : around.chain;
    for (const each of role.dependencies) {
      const key = `${each.path}\0${JSON.stringify([...each.parameters, ...each.given])}`;
      if (this.#done.has(key)) continue;
      this.#done.add(key);
      await this.role(each, hosts, { ...own, chain });
    }
    const folder = `${role.path}/tasks`;
    await this.#file(posix.join(folder, tasks), hosts, { ...own, chain, folder });
  }

  async #task(task: Task, hosts: readonly PlayHost[], scope: TaskScope): Promise<void> {
    this.#tasks += hosts.length;
    if (this.#tasks > MOST_TASKS)
      throw new TemplateMistake(`has more than ${MOST_TASKS} tasks, with those it includes`);
    switch (task.action) {
      case 'import_tasks':
      case 'include_tasks':
      case 'include':
        return this.#included(task, hosts, scope);
      case 'import_role':
      case 'include_role':
        return this.#includedRole(task, hosts, scope);
      default:
        for (const host of hosts) await this.#onHost(task, host, scope);
    }
  }

  async #onHost(task: Task, host: PlayHost, scope: TaskScope): Promise<void> {
    const { action, keywords, at } = task;
    const register = textOf(keywords.get('register')?.value);
    const touches = action === 'set_fact' || action === 'include_vars' || action === 'template' || changesFile(task);
    if (touches)
      for (const item of this.#asking.itemsOf(task, host, scope)) await this.#withItem(task, host, scope, item);
    if (register !== null) this.#refuse(host, [register], at, 'registers');
  }

  async #withItem(task: Task, host: PlayHost, scope: TaskScope, item: Item): Promise<void> {
    const names = this.#asking.names(host, scope, item, task);
    const runs = item === 'unknown' ? 'maybe' : this.#asking.runs(names, scope);
    if (runs === 'no') return;
    switch (task.action) {
      case 'set_fact':
        return this.#setFacts(task, host, names, runs);
      case 'include_vars':
        return this.#includeVars(task, host, scope, names, runs);
      case 'template':
        return this.#template(task, host, scope, names, runs);
      default: {
        const last = this.found.findLast(
          (each) => each.host === host.name && isSameFile(task, each, (v) => this.#asking.text(v, names)),
        );
        if (last) last.changedBy ??= { at: task.at, action: task.action };
      }
    }
  }

  #setFacts({ given, at }: Task, host: PlayHost, names: HostVariables, runs: Runs): void {
    for (const [name, value] of given) {
      if (name === 'cacheable') continue;
      if (runs === 'maybe') {
        this.#refuse(host, [name], at, 'sets');
        continue;
      }
      if (this.#of.config.isNative && !isPlain(value)) {
        const message = `“${name}” cannot be worked out: the task at ${place(at)} sets it under jinja2_native, which redisops does not follow. Set it in group_vars`;
        host.setFact(name, { kind: 'refused', message });
        continue;
      }
      try {
        const made = names.valueOf(value);
        host.setFact(name, { kind: 'made', tracked: { ...made, value: asFact(made.value) } });
      } catch (error) {
        const { message } = mistakeOf(error);
        host.setFact(name, { kind: 'refused', message: `${message} (in ${name}, ${place(value.at)})` });
      }
    }
  }

  async #includeVars(task: Task, host: PlayHost, scope: TaskScope, names: HostVariables, runs: Runs): Promise<void> {
    const { isKnown, layers } = await includedVariables(task, scope, names, {
      ...this.#of,
      asking: this.#asking,
      seen: this.seen,
    });
    if (isKnown && runs === 'yes') return layers.forEach((layer) => host.include(layer));
    this.#refuse(
      host,
      layers.flatMap((layer) => [...layer.keys()]),
      task.at,
      'may set',
    );
  }

  async #template(task: Task, host: PlayHost, scope: TaskScope, names: HostVariables, runs: Runs): Promise<void> {
    const found = templateTask(task, names, this.#asking);
    const path = found && (await this.#existing(filePlaces(found.source, 'templates', scope)));
    if (!found || path === null) return;
    this.found.push({ ...found, path, host: host.name, playbook: this.#playbook, isMaybe: runs === 'maybe' });
  }

  /** `include_tasks` and the like; hosts may include different files. */
  async #included(task: Task, hosts: readonly PlayHost[], scope: TaskScope): Promise<void> {
    const file = task.given.get('file') ?? task.given.get('');
    const isStatic = task.action === 'import_tasks';
    const vars = entriesOf(task.keywords.get('vars')?.value);
    const parameters = isStatic || vars.size === 0 ? scope.parameters : [...scope.parameters, vars];
    for (const [path, some] of await this.#byFile(task, file, hosts, scope)) {
      const inner = { ...scope, parameters, folder: posix.dirname(path) };
      await this.#file(path.replace(/\.(?:ya?ml)$/, ''), some, inner);
    }
  }

  async #byFile(
    task: Task,
    file: YamlValue | undefined,
    hosts: readonly PlayHost[],
    scope: TaskScope,
  ): Promise<ReadonlyMap<string, readonly PlayHost[]>> {
    const found = new Map<string, PlayHost[]>();
    for (const host of hosts)
      for (const item of this.#asking.itemsOf(task, host, scope)) {
        const names = this.#asking.names(host, scope, item, task);
        const text = item === 'unknown' ? null : this.#asking.text(file, names);
        const path = text === null ? null : await this.#existing(filePlaces(text, 'tasks', scope));
        if (path === null) await this.#unknownTasks(task, host, scope);
        else found.set(path, [...(found.get(path) ?? []), host]);
      }
    return found;
  }

  /** Which file is included cannot be worked out: what any of them sets is not known. */
  async #unknownTasks(task: Task, host: PlayHost, { folder }: TaskScope): Promise<void> {
    const names = [...(await this.#of.source.names(folder))].filter((name) => /\.ya?ml$/.test(name)).slice(0, 50);
    for (const name of names) {
      const file = await this.#stepsAt(posix.join(folder, name));
      this.#refuse(host, namesSetBy(file ?? []), task.at, 'may set');
    }
  }

  async #includedRole(task: Task, hosts: readonly PlayHost[], scope: TaskScope): Promise<void> {
    const isStatic = task.action === 'import_role';
    const vars = entriesOf(task.keywords.get('vars')?.value);
    const parameters = isStatic || vars.size === 0 ? scope.parameters : [...scope.parameters, vars];
    const [first] = hosts;
    if (!first) return;
    const names = this.#asking.names(first, scope, null, task);
    const text = (name: string): string | null => this.#asking.text(task.given.get(name), names);
    const name = text('name') ?? text('role') ?? text('');
    const part = (from: string): string | undefined => text(from)?.replace(/\.(?:ya?ml)$/, '');
    const value = scalarOf(name ?? '', task.at);
    const [defaults, ofVars] = [part('defaults_from'), part('vars_from')];
    const parts = {
      ...(defaults === undefined ? {} : { defaults }),
      ...(ofVars === undefined ? {} : { vars: ofVars }),
    };
    const role = name === null ? null : await this.#of.roles.load(name, value, parts);
    if (!role) return;
    const isPublic = isStatic || isYes(text('public'), false);
    if (isPublic) scope.running.roles.push(role);
    await this.role(role, hosts, { ...scope, parameters }, part('tasks_from') ?? 'main');
  }

  async #file(path: string, hosts: readonly PlayHost[], scope: TaskScope): Promise<void> {
    if (this.#depth > DEEPEST) throw new TemplateMistake(`includes tasks more than ${DEEPEST} files deep`);
    this.#depth += 1;
    try {
      for (const extension of ['.yml', '.yaml', '.json']) {
        const steps = await this.#stepsAt(path + extension);
        if (steps) return await this.steps(steps, hosts, scope);
      }
    } finally {
      this.#depth -= 1;
    }
  }

  async #stepsAt(path: string): Promise<readonly Step[] | null> {
    this.seen.add(path);
    const { source, vaultPassword } = this.#of;
    const file = await source.parse(path, parseSteps, { problems: new Problems(), vaultPassword });
    return file.state === 'read' ? file.value : null;
  }

  async #existing(paths: readonly string[]): Promise<string | null> {
    for (const path of paths) {
      this.seen.add(path);
      if ((await this.#of.source.read(path).catch(() => null)) !== null) return path;
    }
    return null;
  }

  #refuse(host: PlayHost, names: readonly string[], at: Position, does: string): void {
    for (const name of names)
      host.setFact(name, {
        kind: 'refused',
        message: `“${name}” cannot be worked out: the task at ${place(at)} ${does} it, and only a running Ansible knows what`,
      });
  }
}

async function parseSteps(
  path: string,
  text: string,
  reading: Parameters<typeof readYaml>[2],
): Promise<readonly Step[]> {
  return stepsIn(await readYaml(path, text, reading));
}

/** Whether it is the same text with `jinja2_native` and without. */
function isPlain(value: YamlValue): boolean {
  return value.kind === 'scalar' && !/\{[{%#]/.test(value.source) && !/^(?:true|false|yes|no)$/i.test(value.source);
}

/** `set_fact` makes booleans of the words. */
function asFact(value: Value): Value {
  return typeof value === 'string' && /^(?:true|false|yes|no)$/i.test(value) ? /^(?:true|yes)$/i.test(value) : value;
}

function place({ file, line }: Position): string {
  return `${file}:${line}`;
}
