import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Writes what `npm run matrix` found into the page: a row per estate, in place of the row of its last run. */

const HEADING = '## What was tried';
const HEAD = ['| estate | server | result |', '| --- | --- | --- |'];

const results = z.looseObject({
  testResults: z.array(
    z.looseObject({ assertionResults: z.array(z.looseObject({ status: z.string(), title: z.string() })) }),
  ),
});

function rowOf(estate: string, folder: string): string {
  const { testResults } = results.parse(JSON.parse(readFileSync(join(folder, `${estate}.json`), 'utf8')));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status !== 'passed').map(({ title }) => title);
  const said = tests.map(({ title }) => title).join('; ');
  const [, server = '', version = ''] =
    /^(\S+) server v=(\S+)/.exec(readFileSync(join(folder, `${estate}.version`), 'utf8')) ?? [];
  const result = failed.length === 0 && tests.length > 0 ? said : `failed: ${failed.join('; ') || 'no test ran'}`;
  return `| \`${estate}\` | ${server} ${version} | ${result} |`;
}

const [folder = '', page = ''] = process.argv.slice(2);
const text = readFileSync(page, 'utf8');
const [before = '', after = ''] = text.split(`${HEADING}\n`);
const rows = new Map(
  after
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => [line.split('`')[1] ?? '', line]),
);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const estate = file.slice(0, -'.json'.length);
  if (existsSync(join(folder, `${estate}.version`))) rows.set(estate, rowOf(estate, folder));
}
const table = [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
const note = 'Each row is of the last `npm run matrix` on that estate: do not edit.';
writeFileSync(page, `${before.trimEnd()}\n\n${HEADING}\n\n${note}\n\n${[...HEAD, ...table].join('\n')}\n`);
