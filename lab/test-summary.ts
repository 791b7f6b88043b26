import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { resultsIn, type Results } from './test-results.ts';

interface Part {
  name: string;
  failed: boolean;
  seconds: number;
  results: Results | null;
}

const SLOWEST = 5;

/** The end of `npm test`: one line per part, the failed tests, and the counts. */
function summaryOf(folder: string): { lines: readonly string[]; failed: boolean } {
  const parts = readdirSync(folder)
    .filter((file) => file.endsWith('.end'))
    .map((file) => partOf(folder, basename(file, '.end')));
  const total = (count: (results: Results) => number): number =>
    parts.reduce((sum, { results }) => sum + (results ? count(results) : 0), 0);
  const failedTests = parts.reduce(
    (sum, { failed, results }) => sum + (failed ? (results?.numFailedTests ?? 0) : 0),
    0,
  );
  const lines = [
    '\n━━━━ Summary ━━━━',
    ...parts.map(lineOf),
    ...(parts.some(({ name }) => name === 'lab') ? [] : ['SKIPPED: the tests on real hosts. They need root on Linux.']),
    ...parts.flatMap(failuresOf),
    `${total(({ numPassedTests }) => numPassedTests)} passed, ${failedTests} failed, ${total(({ numPendingTests }) => numPendingTests)} skipped`,
  ];
  return { lines, failed: parts.some(({ failed }) => failed) };
}

function partOf(folder: string, name: string): Part {
  const [status = '1', seconds = '0'] = readFileSync(join(folder, `${name}.end`), 'utf8')
    .trim()
    .split(' ');
  const json = join(folder, `${name}.json`);
  const results = existsSync(json) ? resultsIn(json) : null;
  return { name, failed: status !== '0', seconds: Number(seconds), results };
}

function lineOf({ name, failed, seconds, results }: Part): string {
  const files = (results?.testResults ?? [])
    .map((file) => ({ name: basename(file.name, '.test.ts'), seconds: (file.endTime - file.startTime) / 1000 }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST)
    .map((file) => `${file.name} ${file.seconds.toFixed(0)} s`);
  const tests = results ? `  ${results.numPassedTests} passed, ${results.numFailedTests} failed` : '';
  const slowest = files.length > 0 ? `; slowest: ${files.join(', ')}` : '';
  return `${failed ? '✖' : '✔'} ${name.padEnd(18)}${`${seconds} s`.padStart(6)}${tests}${slowest}`;
}

function failuresOf({ name, failed: isFailed, results }: Part): readonly string[] {
  const mark = isFailed ? `✖ ${name}` : `⚠ ${name}, failed once and passed when run again`;
  return (results?.testResults ?? []).flatMap((file) => {
    const path = relative('.', file.name);
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    const tests = failed.map(({ fullName }) => `${mark}: ${path} > ${fullName}`);
    // A file that failed to load, or whose hook failed, has no failed test.
    return tests.length === 0 && file.status === 'failed' ? [`${mark}: ${path}: ${file.message}`] : tests;
  });
}

const { lines, failed } = summaryOf(process.argv[2] ?? '');
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = failed ? 1 : 0;
