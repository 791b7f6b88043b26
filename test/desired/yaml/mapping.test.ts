import { describe, expect, it } from 'vitest';
import { Problems } from '../../../src/desired/source/problems.ts';
import { readYamlMapping } from '../../../src/desired/yaml/mapping.ts';
import type { Value } from '../../../src/desired/yaml/value.ts';

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'vaulted':
      return value.open();
    case 'sequence':
      return value.items.map(plain);
    case 'mapping':
      return Object.fromEntries([...value.entries].map(([name, entry]) => [name, plain(entry.value)]));
  }
}

async function read(text: string): Promise<{ value: unknown; problems: readonly string[] }> {
  const problems = new Problems();
  const mapping = await readYamlMapping('f.yml', text, { problems });
  return {
    value: mapping && plain(mapping),
    problems: problems.found.map(({ line, column, message }) => `${line}:${column}: ${message}`),
  };
}

/** Ten lines that expand to ten billion values. */
function laughter(): string {
  const names = Array.from('abcdefghij');
  const lines = names.map((name, index) => {
    const item = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => item).join(', ')}]`;
  });
  return lines.join('\n');
}

describe('readYamlMapping', () => {
  it.each([
    ['', {}],
    ['---\n# nothing\n', {}],
    ['\uFEFFa: 1', { a: 1 }],
    ['a: 1\r\nb: x\r\n', { a: 1, b: 'x' }],
    ['a: yes\nb: Off\nc: "yes"', { a: true, b: false, c: 'yes' }],
    ['a: 0777\nb: 1.5\nc: 2024-01-31\nd:', { a: 511, b: 1.5, c: '2024-01-31', d: null }],
    ['a: [1, {b: 2}]', { a: [1, { b: 2 }] }],
    ['x: &x {a: 1}\ny: *x', { x: { a: 1 }, y: { a: 1 } }],
    ['x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3', { x: { a: 1, b: 2 }, y: { a: 1, b: 3 } }],
    ['y:\n  <<: [{a: 1, b: 1}, {b: 2, c: 2}]', { y: { a: 1, b: 1, c: 2 } }],
    ['"<<": {a: 1}', { '<<': { a: 1 } }],
    [
      '__proto__: {a: 1}\nb: 1',
      Object.fromEntries([
        ['__proto__', { a: 1 }],
        ['b', 1],
      ]),
    ],
    ['a: !unsafe "{{ b }}"', { a: '{{ b }}' }],
    ['a: !custom {b: 1}', { a: { b: 1 } }],
    ['1: x\ntrue: y', { 1: 'x', true: 'y' }],
  ])('reads %j', async (text, value) => {
    expect(await read(text)).toEqual({ value, problems: [] });
  });

  it('opens a vault only on demand: this one is someone else’s', async () => {
    expect(await read('a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n')).toMatchObject({
      value: { a: { ok: false } },
      problems: [],
    });
  });

  it.each([
    ['- a\n- b', ['1:1: must be a mapping (name: value), not a list']],
    ['just words', ['1:1: must be a mapping (name: value), not a single value']],
    ['a: 1\nb: 2\na: 3', ['3:1: “a” stands here twice']],
    ['x:\n  a: 1\n  "a": 2', ['3:3: “a” stands here twice']],
    ['a: *nobody', ['1:4: is an alias (*), but nothing before it has that anchor (&): a text needs quotes']],
    ['a: 1\nb:\n  <<: 5', ['3:7: << merges mappings only']],
    ['? [a, b]\n: 1', ['1:3: a name must be a single word']],
    ['a: "hunter2', ['1:12: is not YAML: lacks a character: a closing quote or bracket, or the space after a colon']],
    ['a: [1, 2', ['1:9: is not YAML: is indented in a way that does not fit, or lacks a closing bracket']],
    ['a: b: c', ['1:4: is not YAML: has a second “name:” on one line; is a quote missing, or a line break?']],
    ['a:\n\tb: 1', ['2:1: is not YAML: is indented with a tab; YAML wants spaces']],
    ['a: 1\n---\nb: 2', ['2:1: is not YAML: has several documents (---); one is expected']],
    ['a: &a [*a]', ['1:7: is nested more than 40 levels deep']],
    ['['.repeat(41), ['1:1: is nested too deeply']],
  ])('refuses %j', async (text, problems) => {
    expect(await read(text)).toMatchObject({ problems });
  });

  it('does not show the file in its messages: there may be a password in it', async () => {
    for (const text of [
      'a: "hunter2" hunter2',
      'a: @hunter2',
      'a: [}hunter2',
      'a: "\\hunter2"',
      'hunter2: "x\n hunter2',
    ])
      expect((await read(text)).problems.join('\n')).toMatch(/^(?!.*hunter2)\d/s);
  });

  it.each([
    ['brackets', '['.repeat(500_000)],
    ['braces', '{a: '.repeat(200_000)],
    ['lists in lists', '- '.repeat(300_000)],
    ['question marks', '? '.repeat(300_000)],
    ['steps', Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['names', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['aliases', `a: &a 1\nb: [${'*a, '.repeat(200_000)}1]`],
    ['quotes', '"'.repeat(1_000_001)],
    ['tags', '!a '.repeat(300_000)],
    ['tabs', '\t'.repeat(1_000_000)],
    ['documents', '---\n'.repeat(250_000)],
    ['laughter', laughter()],
  ])('survives a megabyte of %s', async (_, text) => {
    const started = performance.now();
    expect(await read(text)).toMatchObject({
      value: null,
      problems: [expect.stringMatching(/too deeply|too large|more than|not YAML/)],
    });
    // Far below what would block the bot; the machine may be busy.
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
