import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../../commands/table.ts';
import { VERBS } from '../../src/cli/arguments/verbs.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'lab/README.md',
  'src/jinja/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(DOCUMENTS)('%s', (path) => {
  const text = textOf(path);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });

  it('names files of the program that are there', () => {
    const named = [...text.matchAll(/`((?:src|commands|jobs|test|lab|docs|bench)\/[\w./-]*\w\/?)`/g)];
    expect(named.map(([, file = '']) => file).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('docs/commands.md', () => {
  const [terminal = '', chat = ''] = textOf('docs/commands.md').split('\n## Slack\n');

  it('has every verb of the command line', () => {
    const rows = [...terminal.matchAll(/^\| `([a-z]+)[ `]/gm)].map(([, verb = '']) => verb);
    expect(rows.toSorted()).toEqual(Object.keys(VERBS).toSorted());
  });

  it('has every command of chat, as its help shows it', () => {
    const rows = [...chat.matchAll(/^\| `(\/redis [^`]*)`/gm)].map(([, usage = '']) => usage);
    expect(rows.toSorted()).toEqual(COMMANDS.map(({ usage }) => usage).toSorted());
  });
});

describe('docs/security.md', () => {
  const [, model = ''] = textOf('docs/security.md').split('\n## ');
  const rows = model
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:who +|-+) \|/.test(line))
    .map((line) => line.split(' | '));

  it('says of everybody what holds them, and which tests show it', () => {
    expect(rows.length).toBeGreaterThanOrEqual(11);
    for (const [who = '', atWorst = '', holds = '', shownBy = ''] of rows) {
      expect([who, atWorst.trim() !== '', holds.trim() !== '']).toEqual([who, true, true]);
      const tests = [...shownBy.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, file = '']) => file);
      expect([who, tests.length > 0, tests.filter((file) => !existsSync(join(ROOT, file)))]).toEqual([who, true, []]);
    }
  });
});

describe('docs/architecture.md', () => {
  const text = textOf('docs/architecture.md');

  it('has every folder of the program', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !text.includes(`${name}/`))).toEqual([]);
  });

  it('says why the program has each of its dependencies, and no other', () => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf('package.json')));
    const table = text.slice(text.indexOf('## Dependencies'));
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    expect(named.toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it('is one page', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(120);
  });
});

describe('CONTRIBUTING.md', () => {
  it.each([
    'a fact',
    'an action',
    'a goal',
    'a rule',
    'a chat command',
    'a verb of the command line',
    'a job',
    'something that is kept',
    'an endpoint of GitHub',
    'a filter of templates',
    'a setting',
    'a code',
  ])('has a recipe for %s', (what) => {
    expect(textOf('CONTRIBUTING.md')).toContain(`\n**${what}**`);
  });
});
