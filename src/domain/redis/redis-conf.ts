import type { Endpoint } from '../replication/endpoint.ts';
import { SensitiveText } from '../secret.ts';
import { splitArguments } from '../text/arguments.ts';
import { REPEATED_DIRECTIVES, canonicalName } from './directives.ts';

export interface ConfDirective {
  /** Canonical, lower case. */
  name: string;
  /** The arguments, unquoted, as shown by CONFIG GET. May be a secret. */
  value: string;
  /** Line in the file, from 1; the last one if several lines add up. */
  line: number;
}

/** One line of a redis.conf. */
export interface ConfLine {
  /** Canonical. */
  name: string;
  parameters: readonly string[];
}

const ROLE_LINE = /^\s*(?:replicaof|slaveof)\s/i;

/**
 * A redis.conf: its text, byte for byte, and its directives as Redis reads them. Parsed once, where it enters the
 * program.
 */
export class RedisConf extends SensitiveText {
  readonly #directives: ReadonlyMap<string, ConfDirective>;
  readonly #values: ReadonlyMap<string, string>;
  readonly #lines: readonly Line[];
  /** Lines with unclosed quotes, from 1: Redis does not start with them. */
  readonly brokenLines: readonly number[];

  private constructor(text: SensitiveText) {
    super(text.reveal(), SensitiveText.secretsOf(text));
    const { lines, broken } = linesIn(text.reveal());
    this.#lines = lines;
    this.brokenLines = broken;
    this.#directives = directivesIn(this.#lines);
    this.#values = new Map([...this.#directives].map(([name, { value }]) => [name, value]));
  }

  static parse(text: SensitiveText): RedisConf {
    return text instanceof RedisConf ? text : new RedisConf(text);
  }

  override map(edit: (plain: string) => string): RedisConf {
    return RedisConf.parse(super.map(edit));
  }

  /** As Redis reads them: the last line wins, repeated ones add up in order, `save ""` clears. */
  get all(): readonly ConfDirective[] {
    return [...this.#directives.values()];
  }

  /** By canonical name. */
  get values(): ReadonlyMap<string, string> {
    return this.#values;
  }

  /** The arguments, unquoted; undefined if absent. @param name Canonical. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** The arguments of each line with the directive, in file order. @param name Canonical. */
  linesOf(name: string): readonly (readonly string[])[] {
    return this.#lines.filter((line) => line.name === name).map(({ parameters }) => parameters);
  }

  /** The master named in the file; null for a master’s own file (including `replicaof no one`). */
  get replicaof(): Endpoint | null {
    const [, host, port] = /^(\S+) (\d+)$/.exec(this.get('replicaof') ?? '') ?? [];
    return host === undefined ? null : { host, port: Number(port) };
  }

  /**
   * The same file with the observed role: Git nominates a master, the nodes decide. Role lines are removed; a replica’s
   * line replaces the first, or is appended. A file that already says so is returned unchanged, byte for byte.
   */
  withRole(master: Endpoint | null): RedisConf {
    const plain = this.reveal();
    return hasRole(plain, master) ? this : this.map(() => textWithRole(plain, master));
  }

  /**
   * The same file with that value of a directive that Redis reads once; null removes its lines. Unchanged where it says
   * so already. @param name Canonical. @param value One word.
   */
  withDirective(name: string, value: string | null): RedisConf {
    const lines = this.#lines.filter((each) => each.name === name);
    if (value === null ? lines.length === 0 : lines.length === 1 && this.get(name) === value) return this;
    const own = new Set(lines.map(({ line }) => line - 1));
    const [first = null] = own;
    return this.map((plain) => {
      const texts = plain.replace(/\n$/, '').split('\n');
      const edited = texts.flatMap((text, at) => {
        if (!own.has(at)) return [text];
        return at === first && value !== null ? [`${name} ${value}`] : [];
      });
      return `${[...edited, ...(first === null ? [`${name} ${value ?? ''}`] : [])].join('\n')}\n`;
    });
  }
}

interface Line extends ConfLine {
  line: number;
}

function linesIn(plain: string): { lines: readonly Line[]; broken: readonly number[] } {
  const lines: Line[] = [];
  const broken: number[] = [];
  for (const [index, text] of plain.split('\n').entries()) {
    const words = splitArguments(text);
    const [word, ...parameters] = words ?? [];
    if (!words) broken.push(index + 1);
    if (word !== undefined) lines.push({ name: canonicalName(word), parameters, line: index + 1 });
  }
  return { lines, broken };
}

function directivesIn(lines: readonly Line[]): ReadonlyMap<string, ConfDirective> {
  const found = new Map<string, ConfDirective>();
  for (const { name, parameters, line } of lines) {
    const value = parameters.join(' ');
    const before = found.get(name);
    const adds = before !== undefined && before.value !== '' && value !== '' && REPEATED_DIRECTIVES.has(name);
    found.set(name, { name, value: adds ? `${before.value} ${value}` : value, line });
  }
  return found;
}

function hasRole(plain: string, master: Endpoint | null): boolean {
  const roles = plain.split('\n').filter((line) => ROLE_LINE.test(line));
  if (!master) return roles.length === 0;
  const [, host, port, ...more] = splitArguments(roles[0] ?? '') ?? [];
  return roles.length === 1 && host === master.host && port === String(master.port) && more.length === 0;
}

function textWithRole(plain: string, master: Endpoint | null): string {
  const lines = plain.replace(/\n$/, '').split('\n');
  const at = lines.findIndex((line) => ROLE_LINE.test(line));
  const others = lines.filter((line) => !ROLE_LINE.test(line));
  if (master) others.splice(at === -1 ? others.length : at, 0, `replicaof ${master.host} ${master.port}`);
  return `${others.join('\n')}\n`;
}
