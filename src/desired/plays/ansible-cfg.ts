import { posix } from 'node:path';
import type { FileReading, ParsedSource } from '../source/parsed-source.ts';
import type { Problems, Position } from '../source/problems.ts';

/** What ansible.cfg changes for templates. */
export interface AnsibleConfig {
  /** The file; null if the repository has none. */
  file: string | null;
  /** `ansible_managed`, before its placeholders are filled. */
  managed: { text: string; at: Position } | null;
  /** `hash_behaviour = merge` */
  merges: boolean;
  /** `jinja2_native` */
  isNative: boolean;
  /** `jinja2_extensions`: the last part of each name. */
  extensions: ReadonlySet<string>;
  /** `roles_path`, within the repository. */
  roleFolders: readonly string[];
  /** `private_role_vars` */
  rolesArePrivate: boolean;
}

const NONE: AnsibleConfig = {
  file: null,
  managed: null,
  merges: false,
  isNative: false,
  extensions: new Set(),
  roleFolders: [],
  rolesArePrivate: false,
};

/** Settings that would make templates print something else, and are not followed. */
const REFUSED: Readonly<Record<string, string>> = {
  precedence: 'changes which variables win',
  playbook_vars_root: 'changes which group_vars are read',
  vars_plugins_enabled: 'adds sources of variables',
  vars_plugins: 'adds sources of variables',
  filter_plugins: 'adds filters of your own',
  test_plugins: 'adds tests of your own',
};

const KNOWN_EXTENSIONS = ['do', 'loopcontrols'];
/** Part of Jinja today. */
const BUILT_IN = ['with_', 'autoescape'];

/** The ansible.cfg nearest to the inventory: where `ansible-playbook` is called. */
export async function readAnsibleConfig(
  source: ParsedSource,
  inventory: string,
  problems: Problems,
): Promise<AnsibleConfig> {
  for (const folder of foldersAround(inventory)) {
    const file = await source.parse(posix.join(folder, 'ansible.cfg'), parseAnsibleConfig, { problems });
    if (file.state !== 'absent') return file.state === 'read' ? file.value : NONE;
  }
  return NONE;
}

/** The folder of a file, and those around it, up to the repository’s. */
export function foldersAround(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.keys()].map((count) => parts.slice(0, parts.length - count).join('/')).concat('');
}

interface Line {
  section: string;
  name: string;
  value: string;
  at: Position;
}

export function parseAnsibleConfig(path: string, text: string, { problems }: FileReading): AnsibleConfig {
  const lines = linesOf(path, text);
  const last = new Map(lines.filter(({ section }) => section === 'defaults').map((line) => [line.name, line]));
  const value = (name: string): string => last.get(name)?.value ?? '';
  for (const [name, why] of Object.entries(REFUSED)) {
    const line = last.get(name);
    if (line && line.value !== '')
      problems.add(line.at, `${name} ${why}, which redisops does not follow: do without it`);
  }
  const folder = posix.dirname(path);
  const inside = (each: string): string => posix.normalize(posix.join(folder, each.trim()));
  const managed = last.get('ansible_managed');
  return {
    file: path,
    managed: managed ? { text: managed.value, at: managed.at } : null,
    merges: value('hash_behaviour').toLowerCase() === 'merge',
    isNative: isOn(value('jinja2_native')),
    extensions: extensionsOf(last.get('jinja2_extensions'), problems),
    roleFolders: value('roles_path')
      .split(':')
      .filter((each) => each.trim() !== '' && !/^\s*[~/]/.test(each))
      .map(inside),
    rolesArePrivate: isOn(value('private_role_vars')),
  };
}

function extensionsOf(line: Line | undefined, problems: Problems): ReadonlySet<string> {
  const names = (line?.value ?? '').split(',').map((each) => each.trim().replace(/^jinja2\.ext\./, ''));
  const found = names.filter((name) => name !== '' && !BUILT_IN.includes(name));
  for (const name of found)
    if (line && !KNOWN_EXTENSIONS.includes(name))
      problems.add(line.at, `jinja2_extensions names ${name}, which is not supported: do and loopcontrols are`);
  return new Set(found);
}

function isOn(value: string): boolean {
  return /^(?:yes|true|on|1|y|t)$/i.test(value);
}

/** As Python’s configparser: further lines of a value are indented, `;` begins a comment within a line. */
function linesOf(path: string, text: string): readonly Line[] {
  const found: Line[] = [];
  let section = '';
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const at = { file: path, line: index + 1, column: 1 };
    const line = withoutComment(written);
    const inside = /^\[([^\]]+)\]/.exec(line)?.[1];
    const last = found.at(-1);
    if (inside !== undefined) section = inside;
    else if (/^\s+\S/.test(line) && last?.section === section) last.value += `\n${line.trim()}`;
    else if (line.trim() !== '') {
      const end = line.search(/[=:]/);
      const [name, value] = end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
      found.push({ section, name: name.trim().toLowerCase(), value: value.trim(), at });
    }
  }
  return found;
}

function withoutComment(line: string): string {
  if (/^\s*[#;]/.test(line)) return '';
  const at = line.search(/\s;/);
  return at < 0 ? line : line.slice(0, at);
}
