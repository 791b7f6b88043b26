import { posix } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { mistakeOf, TemplateMistake, type Reading, type Value } from '../../jinja/index.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { ParsedSource } from '../source/parsed-source.ts';
import { Problems } from '../source/problems.ts';
import { HostVariables } from '../variables/host-variables.ts';
import type { Variables } from '../variables/node-variables.ts';
import { placesOf } from '../variables/places.ts';
import { RepositoryVariables } from '../variables/repository-variables.ts';
import type { AnsibleConfig } from './ansible-cfg.ts';
import type { FoundTemplate } from './found-template.ts';
import { hostsMatching } from './syntax/host-pattern.ts';
import { magicOf, magicOfInventory } from './magic.ts';
import { isNever, itemsOf, textOf } from './syntax/parts.ts';
import { PlayHost } from './play-host.ts';
import { parsePlaybook, type Play } from './syntax/playbook.ts';
import { Roles, type Role } from './roles.ts';
import { variablesOf, type RunningPlay, type TaskScope } from './scope.ts';
import { Walk } from './walk.ts';

/** What all of a cluster’s playbooks are read with. */
export interface PlayReading {
  cluster: ClusterReading;
  inventory: Inventory;
  hosts: readonly InventoryHost[];
  config: AnsibleConfig;
  reading: Reading;
  /** Roles beside the template’s. */
  roleFolders: readonly string[];
}

export interface PlaybookRun {
  found: readonly FoundTemplate[];
  /** The paths it read, or looked for. */
  seen: ReadonlySet<string>;
  /** What its plays set for the roles that they name, by the roles’ folders. */
  sets: ReadonlyMap<string, Variables>;
}

const MOST_PLAYS = 100;
const MOST_IMPORTS = 200;

/** The plays of a playbook, with those of the playbooks that it imports. @throws TemplateMistake if there are too many */
export async function playsOf(
  path: string,
  source: ParsedSource,
  seen: Set<string>,
  around: readonly string[] = [],
  imports = { left: MOST_IMPORTS },
): Promise<readonly Play[]> {
  seen.add(path);
  if (around.includes(path)) throw new TemplateMistake('imports itself');
  imports.left -= 1;
  if (imports.left < 0) throw new TemplateMistake(`imports more than ${MOST_IMPORTS} playbooks`);
  const file = await source.parse(path, parsePlaybook, { problems: new Problems() });
  if (file.state !== 'read') return [];
  const plays: Play[] = [];
  for (const part of file.value) {
    if (part.kind === 'play') plays.push(part.play);
    else if (!isNever(part.keywords))
      plays.push(...(await playsOf(part.path, source, seen, [...around, path], imports)));
  }
  if (plays.length > MOST_PLAYS) throw new TemplateMistake(`has more than ${MOST_PLAYS} plays`);
  return plays;
}

/** Reads a playbook’s plays one after another, as `ansible-playbook` would run them on the cluster’s hosts. */
export async function runPlaybook(path: string, plays: readonly Play[], of: PlayReading): Promise<PlaybookRun> {
  const run = new PlaybookReading(path, of);
  for (const play of plays) {
    await othersTurn();
    await run.play(play);
  }
  return run.result;
}

class PlaybookReading {
  readonly #of: PlayReading;
  readonly #files: RepositoryVariables;
  readonly #roles: Roles;
  readonly #roleFolders: readonly string[];
  readonly #magic: ReadonlyMap<string, Value>;
  readonly #path: string;
  readonly #hosts: readonly PlayHost[];
  #walk: Walk | null = null;
  readonly #seen = new Set<string>();
  readonly #sets = new Map<string, Variables>();

  constructor(path: string, of: PlayReading) {
    const { cluster, inventory, config, roleFolders } = of;
    this.#of = of;
    this.#path = path;
    this.#hosts = of.hosts.map((host) => new PlayHost(host, groupsOf(host, inventory), config.merges));
    this.#files = new RepositoryVariables(cluster, placesOf(cluster.settings, inventory));
    this.#roleFolders = [...config.roleFolders, ...roleFolders];
    this.#roles = new Roles(cluster.source, this.#files);
    this.#magic = magicOfInventory(inventory.file);
  }

  get result(): PlaybookRun {
    return {
      found: this.#walk?.found ?? [],
      sets: this.#sets,
      seen: new Set([...this.#seen, ...this.#roles.seen, ...(this.#walk?.seen ?? [])]),
    };
  }

  async play(play: Play): Promise<void> {
    const names = hostsOfPlay(play, this.#of.inventory);
    if (isNever(play.keywords) || !this.#of.hosts.some(({ name }) => names.has(name))) return;
    const own = folderOf(play.at.file);
    const all = await this.#hostsIn(own);
    const hosts = all.filter(({ name }) => names.has(name));
    this.#roles.folders = [...new Set([posix.join(own, 'roles'), ...this.#roleFolders, own])];
    const running: RunningPlay = { play, folder: own, hosts, roles: [], files: new Map() };
    const roles = await this.#rolesOf(play, hosts, running);
    running.roles = [...roles];
    running.files = await this.#filesOf(play, hosts, running);
    for (const host of hosts)
      for (const { name, at } of play.prompts)
        host.setFact(name, {
          kind: 'refused',
          message: `“${name}” cannot be worked out: the play at ${at.file}:${at.line} asks for it`,
        });
    if (!play.instead)
      for (const { path, given, parameters } of roles) {
        const files = [...running.files.values()].flat().flatMap((layer) => [...layer]);
        this.#sets.set(
          path,
          new Map([...(this.#sets.get(path) ?? []), ...play.vars, ...files, ...given, ...parameters]),
        );
      }
    const walk = this.#walker;
    const scope = this.#scope(running);
    const [first] = roles;
    if (play.instead)
      return walk.steps(play.instead, hosts, {
        ...scope,
        role: first ?? null,
        folder: first ? `${first.path}/tasks` : '',
      });
    await walk.steps(play.before, hosts, scope);
    for (const role of roles) await walk.role(role, hosts, scope);
    await walk.steps(play.after, hosts, scope);
  }

  #scope(running: RunningPlay): TaskScope {
    return {
      running,
      role: null,
      chain: [],
      vars: [],
      parameters: [],
      conditions: [],
      isMaybe: false,
      folder: running.folder,
    };
  }

  get #walker(): Walk {
    const { cluster, inventory, config, reading } = this.#of;
    this.#walk ??= new Walk(
      {
        source: cluster.source,
        files: this.#files,
        roles: this.#roles,
        config,
        groups: inventory.members,
        magic: this.#magic,
        reading,
        vaultPassword: cluster.vaultPassword,
      },
      this.#path,
      this.#hosts,
    );
    return this.#walk;
  }

  /** With the group_vars and host_vars that a playbook in the folder sees. */
  async #hostsIn(folder: string): Promise<readonly PlayHost[]> {
    const { cluster, inventory } = this.#of;
    const places = { ...placesOf(cluster.settings, inventory), playbook: folder };
    const files = new RepositoryVariables(cluster, places);
    for (const name of ['group_vars', 'host_vars']) this.#seen.add(`${posix.join(folder, name)}/`);
    for (const host of this.#hosts) host.base = await files.ofInventory(host.host);
    return this.#hosts;
  }

  async #rolesOf(play: Play, hosts: readonly PlayHost[], running: RunningPlay): Promise<readonly Role[]> {
    const found: Role[] = [];
    for (const value of play.roles) {
      const written = this.#roles.nameIn(value) ?? '';
      const [first] = hosts;
      const name = first && /\{\{/.test(written) ? this.#textFor(first, running, value, written) : written;
      const role = name === null ? null : await this.#roles.load(name, value);
      if (role && !isNever(role.keywords)) found.push(role);
    }
    return found;
  }

  /** `vars_files`, in the order that the play names them; a list means the first that is there. */
  async #filesOf(
    play: Play,
    hosts: readonly PlayHost[],
    running: RunningPlay,
  ): Promise<ReadonlyMap<string, readonly Variables[]>> {
    const files = new Map<string, readonly Variables[]>();
    for (const host of hosts) {
      const layers: Variables[] = [];
      for (const item of play.files) {
        const layer = await this.#firstOf(itemsOf(item), host, { ...running, files });
        if (layer) layers.push(layer);
        files.set(host.name, [...layers]);
      }
    }
    return files;
  }

  async #firstOf(
    items: readonly ReturnType<typeof itemsOf>[number][],
    host: PlayHost,
    running: RunningPlay,
  ): Promise<Variables | null> {
    for (const item of items) {
      const file = this.#textFor(host, running, item, textOf(item) ?? '');
      if (file === null || file.startsWith('/')) continue;
      for (const place of [posix.join(running.folder, 'vars', file), posix.join(running.folder, file)].map((each) =>
        posix.normalize(each),
      )) {
        if (place.startsWith('..')) continue;
        this.#seen.add(place);
        const layer = await this.#files.file(place);
        if (layer) return layer;
      }
    }
    return null;
  }

  #textFor(
    host: PlayHost,
    running: RunningPlay,
    value: ReturnType<typeof itemsOf>[number],
    text: string,
  ): string | null {
    const scope = this.#scope(running);
    const names = new HostVariables(
      host.name,
      { all: { groups: this.#of.inventory.members, hosts: new Map() }, reading: this.#of.reading },
      new Map([...this.#magic, ...magicOf(scope)]),
      variablesOf(host, scope, this.#of.config),
    );
    try {
      const { value: made, secret } = names.valueOf({ ...asText(value, text) });
      return typeof made === 'string' && !secret ? made : null;
    } catch (error) {
      mistakeOf(error);
      return null;
    }
  }
}

function folderOf(path: string): string {
  return posix.dirname(path).replace(/^\.$/, '');
}

function asText(value: { at: Play['at'] }, text: string) {
  return { kind: 'scalar', value: text, source: text, confidential: false, literal: false, at: value.at } as const;
}

/** Names of the hosts that a play is for; none where only its caller knows. */
function hostsOfPlay({ hosts }: Play, inventory: Inventory): ReadonlySet<string> {
  const pattern = itemsOf(hosts)
    .map((each) => patternOf(textOf(each) ?? ''))
    .join(',');
  return hostsMatching(pattern, inventory);
}

/** `{{ target | default('redis') }}` is what it is without `-e`. */
function patternOf(text: string): string {
  return /^\{\{\s*\w+\s*\|\s*d(?:efault)?\(\s*(["'])([^"']*)\1[^)]*\)\s*\}\}$/.exec(text.trim())?.[2] ?? text;
}

function groupsOf({ name, groups }: InventoryHost, { members }: Inventory): readonly string[] {
  return members.get('ungrouped')?.includes(name) === true
    ? [...new Set([...groups, 'ungrouped'])]
    : groups.filter((group) => group !== 'ungrouped');
}
