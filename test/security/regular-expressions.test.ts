import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSync } from 'recheck';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** Once is enough: the other Node has the same source. */
const isDefault = Number(process.versions.node.split('.')[0]) >= 22;

/** Expressions that take the square of their text’s length, where no long text comes: by file, with what bounds it. */
const BOUNDED: Readonly<Record<string, string>> = {
  'src/chat/read-text.ts': 'a command has at most 500 characters',
  'src/report/text/format.ts': 'the figures of one number',
};

interface Expression {
  file: string;
  pattern: string;
  flags: string;
}

function expressionsIn(file: string): readonly Expression[] {
  const found: Expression[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('regex' in value && value.regex) found.push({ file, ...(value.regex as Omit<Expression, 'file'>) });
    for (const each of Object.values(value)) visit(each);
  };
  visit(parseAst(readFileSync(join(ROOT, file), 'utf8'), { lang: 'ts' }));
  return found;
}

const EXPRESSIONS = ['src', 'commands', 'jobs']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
  .flatMap(expressionsIn);

describe.runIf(isDefault)('regular expressions', () => {
  it('take no more time than the length of their text, whatever is in it', { timeout: 240_000 }, () => {
    const distinct = new Map(EXPRESSIONS.map((each) => [`/${each.pattern}/${each.flags}`, each]));
    expect(distinct.size).toBeGreaterThan(300);
    const slow = [...distinct].flatMap(([text, { file, pattern, flags }]) => {
      const checked = checkSync(pattern, flags, { timeout: 1000 });
      return checked.status === 'vulnerable' ? [{ file, text, complexity: checked.complexity.summary }] : [];
    });
    expect(slow.filter(({ file }) => BOUNDED[file] === undefined)).toEqual([]);
  });
});
