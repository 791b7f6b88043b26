import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { resultsIn } from './test-results.ts';

const MOST = 3;
/** Workers are killed and roles moved there: what fails once in many runs may have been left half done. */
const NEVER_AGAIN = /^(?:chaos|kill|failover-kill|hand-over)\b/;
const LOST = /\blost\b/i;

/** Prints the test files to run once more: all that failed if they are few and lost nothing, or none. */
const [report = ''] = process.argv.slice(2);
const failed = (existsSync(report) ? resultsIn(report).testResults : []).filter(({ status }) => status === 'failed');
const isAccident = failed.every(
  ({ name, message, assertionResults }) =>
    !NEVER_AGAIN.test(basename(name)) &&
    ![message, ...assertionResults.flatMap(({ failureMessages }) => failureMessages)].some((text) => LOST.test(text)),
);
if (failed.length <= MOST && isAccident) for (const { name } of failed) process.stdout.write(`${name}\n`);
