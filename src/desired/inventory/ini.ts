import { hostsOfPattern, withoutPort } from './host-range.ts';
import { InventoryBuilder } from './builder.ts';
import type { Group, Inventory } from './inventory.ts';
import { literalOf, quoted, Reading, TemplateMistake } from '../../jinja/index.ts';
import type { Position, Problems } from '../source/problems.ts';
import type { Entry, Scalar } from '../yaml/value.ts';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
/** `[2001:db8::1]:22` is a host with its port. */
const BRACKETED_HOST = /^\[[^\]]+\]:\d/;
const KINDS = ['hosts', 'children', 'vars'] as const;

/** The inventory so far, and the current section. */
interface Progress {
  inventory: InventoryBuilder;
  problems: Problems;
  reading: Reading;
  current: Group;
  kind: (typeof KINDS)[number];
}

/** Parses `hosts.ini`: `[group]`, `[group:children]`, `[group:vars]`, and hosts followed by `name=value`. */
export function inventoryOfIni(file: string, text: string, problems: Problems): Inventory | null {
  const inventory = new InventoryBuilder(file);
  const current = inventory.group('ungrouped', { file, line: 1, column: 1 });
  const progress: Progress = { inventory, problems, reading: new Reading(), current, kind: 'hosts' };
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (inventory.isFull || problems.enough) break;
    const at = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 };
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && !BRACKETED_HOST.test(line)) openSection(line, at, progress);
    else addLine(line, at, progress);
  }
  return inventory.built(problems);
}

function openSection(line: string, at: Position, progress: Progress): void {
  const [, name, suffix = 'hosts'] = SECTION.exec(line) ?? [];
  const kind = KINDS.find((each) => each === suffix);
  if (name === undefined || !kind)
    return progress.problems.add(
      at,
      `${quoted(line)} is not a section such as [redis], [redis:vars] or [redis:children]`,
    );
  progress.current = progress.inventory.group(name, at);
  progress.kind = kind;
}

function addLine(line: string, at: Position, progress: Progress): void {
  switch (progress.kind) {
    case 'children': {
      const comment = line.search(/\s#/);
      const child = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
      progress.inventory.group(child, at);
      progress.current.children.add(child);
      return;
    }
    case 'vars':
      return addVariable(line, at, progress, (name, entry) =>
        progress.inventory.setVariable(progress.current, name, entry, progress.problems),
      );
    case 'hosts':
      return addHosts(line, at, progress);
  }
}

/** A word: quotes keep spaces, also within a word (`name="a b"`). */
const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;

/** In Python’s shlex a # begins a comment even within a word. */
function withoutComment(line: string): string {
  for (const match of line.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\\.|#/g))
    if (match[0] === '#') return line.slice(0, match.index);
  return line;
}

function addHosts(line: string, at: Position, progress: Progress): void {
  const { inventory, current, problems } = progress;
  const said = withoutComment(line);
  const [first, ...assignments] = said.matchAll(WORD);
  if (said.replaceAll(WORD, '').trim() !== '') return problems.add(at, 'has a quote that is not closed');
  const { pattern, port } = withoutPort(first?.[0] ?? '');
  const hosts = hostsOfPattern(pattern);
  if (!hosts) return problems.add(at, `${quoted(pattern)} is not a range of hosts such as redis-[01:03]`);
  const variables = new Map<string, Entry>(
    port === null ? [] : [['ansible_port', { at, value: scalarOf(port, at, progress.reading) }]],
  );
  for (const { 0: word, index } of assignments)
    addVariable(unquoted(word), { ...at, column: at.column + index }, progress, (name, entry) =>
      variables.set(name, entry),
    );
  for (const host of hosts) {
    if (current.hosts.has(host)) problems.add(at, `${quoted(host)} stands here twice`);
    else inventory.addHost(current, host, at, variables);
  }
}

/** @param assignment Without quotes where Ansible removes them before reading the value. */
function addVariable(
  assignment: string,
  at: Position,
  { reading, problems }: Progress,
  set: (name: string, entry: Entry) => void,
): void {
  const [, name, written = ''] = /^([\w.-]+)\s*=\s*([\s\S]*)$/.exec(assignment) ?? [];
  if (name === undefined) return problems.add(at, 'is not name=value');
  try {
    set(name, { at, value: scalarOf(written, at, reading) });
  } catch (error) {
    if (!(error instanceof TemplateMistake)) throw error;
    problems.add(at, error.message);
  }
}

/** Ansible evaluates Python literals. */
function scalarOf(written: string, at: Position, reading: Reading): Scalar {
  const literal = literalOf(written, reading);
  const text = typeof literal === 'string' ? literal : written;
  const scalar: Scalar = { kind: 'scalar', value: text, source: text, confidential: false, literal: false, at };
  return literal === undefined || typeof literal === 'string' ? scalar : { ...scalar, notation: 'ini' };
}

/** Quotes and backslashes as in Python’s shlex. */
function unquoted(word: string): string {
  return word.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? '') : double.replaceAll(/\\(["\\])/g, '$1'),
  );
}
