import type { Value } from '../yaml/value.ts';
import type { FoundTemplate } from './found-template.ts';
import { textOf } from './syntax/parts.ts';
import type { Task } from './syntax/tasks.ts';

/** Modules that change a file, by the argument that names it. */
const CHANGING: Readonly<Record<string, readonly string[]>> = {
  lineinfile: ['path', 'dest', 'destfile', 'name'],
  blockinfile: ['path', 'dest', 'destfile', 'name'],
  replace: ['path', 'dest', 'destfile', 'name'],
  copy: ['dest'],
  assemble: ['dest'],
  get_url: ['dest'],
  ini_file: ['path', 'dest'],
  'community.general.ini_file': ['path', 'dest'],
};
const SHELLS = ['shell', 'command', 'raw'];

export function changesFile({ action }: Task): boolean {
  return Object.hasOwn(CHANGING, action) || SHELLS.includes(action);
}

/** Whether a shell’s command writes a file: `>`, `tee`, `sed -i`. */
function writes(command: string): boolean {
  if (command.includes('>') || /\btee\b/.test(command)) return true;
  return command.split('|').some((part) => {
    const at = part.search(/\bsed\b/);
    return at >= 0 && part.includes('-i', at);
  });
}

/** Whether a task changes the file that a template task wrote: the same path, or one that is made of the same variables. */
export function isSameFile(
  { action, given }: Task,
  { destination, destinationText }: FoundTemplate,
  text: (value: Value) => string | null,
): boolean {
  if (SHELLS.includes(action)) {
    const command = textOf(given.get('') ?? given.get('cmd')) ?? '';
    return writes(command) && mentions(command, destination, destinationText);
  }
  for (const name of CHANGING[action] ?? []) {
    const value = given.get(name);
    if (!value) continue;
    const path = text(value);
    if (path !== null && destination !== null) return path === destination;
    return namesIn(textOf(value) ?? '').some((each) => namesIn(destinationText).includes(each));
  }
  return false;
}

function mentions(command: string, destination: string | null, written: string): boolean {
  if (destination !== null && command.includes(destination)) return true;
  return namesIn(command).some((each) => namesIn(written).includes(each));
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].flatMap(([, inside = '']) => {
    const plain = inside.replaceAll(/'[^']*'|"[^"]*"/g, '');
    return (plain.match(/[A-Za-z_]\w*/g) ?? []).filter(
      (name) => !['default', 'd', 'if', 'else', 'inventory_hostname', 'item'].includes(name),
    );
  });
}
