import { isIP } from 'node:net';
import type { Position } from '../source/problems.ts';
import {
  Atom,
  Dict,
  List,
  mistakeOf,
  quoted,
  renderVariable,
  Scope,
  TemplateMistake,
  Undefined,
  withoutTemplate,
  type Names,
  type Reading,
  type Tracked,
  type Value,
} from '../../jinja/index.ts';
import type { Variables } from './node-variables.ts';
import { pythonScalar } from './python-value.ts';
import { isSecretName } from './secret-names.ts';
import type { Entry, Scalar, Value as YamlValue } from '../yaml/value.ts';

/** Variables that only a running Ansible can set. */
const OF_A_RUN =
  /^(?:ansible_\w+|play_hosts|playbook_dir|role_name|role_names|role_path|inventory_dir|inventory_file|environment|template_(?:host|path|fullpath|destpath|mtime|run_date|uid)|hostvars_cache|inventory_hosts)$/;

/** Shown in plans: a vaulted file does not make them secret. */
const SHOWN =
  /^(?:ansible_(?:host|port|user)|redis_(?:enable_replication|enable_sentinel|master_host|master_ip|port|dir|bind|maxmemory|maxmemory_policy|repl_backlog_size|repl_diskless_sync|sentinel_(?:quorum|down_after|failover_timeout|parallel_syncs|port|master_name|group)))$/;

/** `hostvars` has it, whether the inventory names it or not. */
const IMPLICIT = 'localhost';

type Hiding = 'shown' | 'vaulted files' | 'everything';

function hidingOf(name: string, around: Hiding): Hiding {
  if (isSecretName(name)) return 'everything';
  return SHOWN.test(name) ? 'shown' : around;
}

/** What a play gave to a name: a value, or why it cannot be worked out. */
export type Given = { kind: 'made'; tracked: Tracked } | { kind: 'refused'; message: string };

/** A host’s variables: those of files, and over them those that plays made. */
export interface HostScope {
  variables: Variables;
  given?: ReadonlyMap<string, Given>;
}

interface InventoriedHost extends HostScope {
  groups: readonly string[];
}

/** The inventory, and the variables of the cluster’s hosts. */
export interface Inventoried {
  /** By name; only the cluster’s hosts. */
  hosts: ReadonlyMap<string, InventoriedHost>;
  /** All host names by group, including `all` and `ungrouped`. */
  groups: ReadonlyMap<string, readonly string[]>;
  /** Other hosts of the inventory that a template asked for: to be read, and the template rendered again. */
  wanted?: Set<string>;
}

/** The context for rendering all hosts’ templates. */
export interface Rendering {
  all: Inventoried;
  reading: Reading;
}

/**
 * A host’s variables as seen by Ansible’s templates: rendered on demand, with those they refer to. Facts, which Ansible
 * learns only at run time, are refused.
 */
export class HostVariables implements Names {
  readonly #host: string;
  readonly #all: Inventoried;
  readonly #reading: Reading;
  /** Variables that win over all others. */
  readonly extra: ReadonlyMap<string, Value>;
  readonly #own: HostScope | null;
  readonly #rendered = new Map<string, Tracked>();

  /**
   * @param extra Variables with precedence: `ansible_managed` in a template.
   * @param own What the host itself sees, and others do not: variables of plays, roles and tasks.
   */
  constructor(
    host: string,
    { all, reading }: Rendering,
    extra: ReadonlyMap<string, Value> = new Map(),
    own: HostScope | null = null,
  ) {
    this.#host = host;
    this.#all = all;
    this.#reading = reading;
    this.extra = extra;
    this.#own = own;
  }

  get(name: string): Tracked | undefined {
    const known = this.#rendered.get(name);
    if (known) return known;
    const found = this.#find(name);
    if (found) this.#rendered.set(name, found);
    return found;
  }

  /**
   * A file’s value with its template rendered, at its position; and whether a secret is in it. @throws TemplateMistake
   */
  resolve(value: Scalar): { value: YamlValue; secret: boolean } {
    if (typeof value.value !== 'string' || value.literal || !/\{[{%#]/.test(value.value))
      return { value, secret: false };
    const text = value.value;
    const { budget, secrets } = this.#reading;
    const { value: made, secret } = budget.deeper(() => this.#ofText(text));
    const isSecret = secret || secrets.of(made, budget) !== null;
    return { value: yamlOf(made, value.at, isSecret || value.confidential), secret: isSecret };
  }

  /** The value of a play or a task, rendered. @throws TemplateMistake */
  valueOf(value: YamlValue): Tracked {
    return this.#reading.budget.deeper(() => this.#ofYaml(value, 'vaulted files'));
  }

  #find(name: string): Tracked | undefined {
    const own = this.extra.get(name) ?? this.#magic(name);
    if (own !== undefined) return { value: own, secret: false };
    const given = this.scope.given?.get(name);
    if (given?.kind === 'refused') throw new TemplateMistake(given.message);
    if (given) return given.tracked;
    const entry = this.#variables.get(name);
    if (entry) return this.#ofEntry(name, entry);
    if (OF_A_RUN.test(name)) throw notGiven(name);
    return undefined;
  }

  /** Its own variables. */
  get scope(): HostScope {
    return this.#own ?? this.#all.hosts.get(this.#host) ?? { variables: new Map() };
  }

  get #variables(): Variables {
    return this.scope.variables;
  }

  #magic(name: string): Value | undefined {
    switch (name) {
      case 'inventory_hostname':
        return this.#host;
      case 'inventory_hostname_short':
        return isIP(this.#host) > 0 ? this.#host : (this.#host.split('.')[0] ?? '');
      case 'group_names':
        return listOf((this.#all.hosts.get(this.#host)?.groups ?? []).filter((group) => group !== 'all').toSorted());
      case 'groups':
        return new Dict([...this.#all.groups].map(([group, hosts]) => [group, listOf(hosts)]));
      case 'hostvars':
        return new Scope(
          'hostvars',
          () => [...new Set([...(this.#all.groups.get('all') ?? []), IMPLICIT])],
          (host) => this.#ofHost(host),
        );
      default:
        return undefined;
    }
  }

  #ofHost(host: string): Value | undefined {
    const known = this.#all.hosts.get(host);
    const isListed = this.#all.groups.get('all')?.includes(host) === true;
    if (!isListed && host === IMPLICIT)
      throw new TemplateMistake(`hostvars[${quoted(host)}] is not supported: the inventory does not name this host`);
    if (!known && !isListed) return undefined;
    if (!known) {
      this.#all.wanted?.add(host);
      throw new TemplateMistake(`hostvars[${quoted(host)}] is not supported: the host is not of the cluster`);
    }
    const names = (): readonly string[] => [...new Set([...known.variables.keys(), ...(known.given?.keys() ?? [])])];
    return new Scope(`hostvars[${quoted(host)}]`, names, (name) => {
      // Rendered anew each time, as in Ansible: a modified list is not modified for others.
      const theirs = new HostVariables(host, { all: this.#all, reading: this.#reading });
      const found = theirs.#find(name);
      if (found?.value instanceof Undefined) throw found.value.mistake();
      if (found) this.#reading.taint.touch(found);
      return found?.value;
    });
  }

  #ofEntry(name: string, { at, value }: Entry): Tracked {
    try {
      return this.#reading.budget.deeper(() => this.#ofYaml(value, hidingOf(name, 'vaulted files')));
    } catch (error) {
      if (!(error instanceof TemplateMistake)) throw error;
      const message = `${error.message} (in ${name}, ${at.file}:${value.at.line})`;
      if (error.isUndefined) return { value: new Undefined(message, name), secret: error.ofSecret };
      const mistake = new TemplateMistake(message);
      mistake.ofSecret = error.ofSecret;
      throw mistake;
    }
  }

  /** @param hiding Which texts are secrets. */
  #ofYaml(value: YamlValue, hiding: Hiding): Tracked {
    this.#reading.budget.spend();
    switch (value.kind) {
      case 'vaulted': {
        const opened = value.open();
        if (!opened.ok) throw new TemplateMistake(opened.message);
        return this.#stored(opened.value);
      }
      case 'scalar':
        return this.#ofScalar(value, hiding === 'everything' || (hiding === 'vaulted files' && value.confidential));
      case 'sequence': {
        const items = value.items.map((item) => this.#ofYaml(item, hiding));
        const list = new List(
          items.map((item) => item.value),
          value.isSet ? 'set' : 'list',
        );
        return { value: list, secret: items.some((item) => this.#isHidden(item)) };
      }
      case 'mapping': {
        const entries = [...value.entries].map(
          ([name, { key = name, value: inner }]) => [key, this.#ofYaml(inner, hidingOf(name, hiding))] as const,
        );
        return {
          value: new Dict(entries.map(([key, item]) => [key, item.value])),
          secret: entries.some(([, item]) => this.#isHidden(item)),
        };
      }
    }
  }

  #stored(text: string): Tracked {
    this.#reading.secrets.add(text, 'stored');
    return { value: text, secret: true, stored: true };
  }

  /** Whether a secret within a list or a mapping would not be recognized by its text. */
  #isHidden({ value, secret, stored }: Tracked): boolean {
    if (!secret || (stored === true && value === '')) return false;
    return typeof value !== 'string' || this.#reading.secrets.of(value, this.#reading.budget) === null;
  }

  #ofScalar(value: Scalar, secret: boolean): Tracked {
    const scalar = pythonScalar(value, this.#reading);
    if (typeof scalar !== 'string')
      return { value: scalar, secret: secret && !value.confidential && scalar !== null, stored: true };
    const isTemplate = !value.literal && /\{[{%#]/.test(scalar);
    const rendered = isTemplate ? this.#ofTemplate(scalar, secret) : notSecret(scalar);
    const text = rendered.value;
    // Shorter texts from a vaulted file would match everywhere.
    const isSecret = secret && typeof text === 'string' && (text.length >= 4 || !value.confidential);
    if (!isSecret || rendered.secret) return rendered;
    return this.#stored(text);
  }

  #ofTemplate(text: string, secret: boolean): Tracked {
    try {
      return this.#ofText(text);
    } catch (error) {
      throw secret ? withoutTemplate(mistakeOf(error)) : error;
    }
  }

  #ofText(text: string): Tracked {
    // Ansible returns the value of a lone name unchanged if it is not a text.
    const only = /^\{\{\s*(\w+)\s*\}\}$/.exec(text)?.[1];
    const entry = only === undefined ? undefined : this.#variables.get(only)?.value;
    if (entry?.kind === 'scalar') {
      const scalar = pythonScalar(entry, this.#reading);
      if (typeof scalar !== 'string') return this.get(only ?? '') ?? notSecret(scalar);
    }
    const made = renderVariable(text, this, this.#reading);
    return made.isHeld ? { value: made.value, secret: false } : made;
  }
}

/** A template’s result, as if written in the file. */
function yamlOf(made: Value, at: Position, confidential: boolean): YamlValue {
  const value = made instanceof Atom ? made.text : made;
  if (value instanceof Undefined) throw value.mistake();
  if (value instanceof List)
    return {
      kind: 'sequence',
      at,
      ...(value.kind === 'set' ? { isSet: true as const } : {}),
      items: value.items.map((item) => yamlOf(item, at, confidential)),
    };
  if (value instanceof Dict) {
    const entries = [...value.entries()].map(
      ([key, item]) => [keyText(key), { at, key, value: yamlOf(item, at, confidential) }] as const,
    );
    return { kind: 'mapping', at, entries: new Map(entries) };
  }
  if (typeof value === 'object' && value !== null) throw new TemplateMistake('makes something that is no value');
  const plain = typeof value === 'bigint' ? Number(value) : value;
  return { kind: 'scalar', at, value: plain, source: value === null ? '' : String(value), confidential, literal: true };
}

function keyText(key: Value): string {
  if (key instanceof Atom) return key.text;
  if (typeof key === 'object' && key !== null)
    throw new TemplateMistake('makes a mapping whose name is no single value');
  return String(key);
}

function notSecret(value: Value): Tracked {
  return { value, secret: false };
}

function listOf(names: readonly string[]): List {
  return new List([...names]);
}

function notGiven(name: string): TemplateMistake {
  return new TemplateMistake(
    `“${name}” is known to a running Ansible only: give it a value in the variables, or do without it`,
  );
}
