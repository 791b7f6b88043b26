import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { resultsIn } from './test-results.ts';

const MOST = 3;
/** Their failure may mean lost data, once in many runs. */
const NEVER_AGAIN = /^(?:chaos|kill|failover-kill|hand-over)\b/;

/** Prints the test files to run once more: all that failed if they are few, or none. */
const [report = ''] = process.argv.slice(2);
const files = existsSync(report) ? resultsIn(report).testResults : [];
const failed = files.filter(({ status }) => status === 'failed').map(({ name }) => name);
const areFew = failed.length > 0 && failed.length <= MOST;
if (areFew && !failed.some((file) => NEVER_AGAIN.test(basename(file)))) process.stdout.write(`${failed.join('\n')}\n`);
