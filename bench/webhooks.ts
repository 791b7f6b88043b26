import { parseArgs } from 'node:util';
import { webhookBurst, type BurstFigures } from '../lab/webhook-burst.ts';
import { hostLine } from './machine.ts';

const P99_MS = 500;
/** Memory allowed for a burst: request bodies, and uncollected garbage. */
const MEMORY_MIB = 150;

const { values } = parseArgs({ options: { webhooks: { type: 'string', default: '10000' } } });
const BURST = { webhooks: Number(values.webhooks), connections: 128, merges: 24, pullRequests: 12 };

console.log(`${new Date().toISOString()}, ${hostLine()}`);
let missed = 0;
for (const kills of [false, true]) {
  const figures = await webhookBurst({ ...BURST, kills });
  console.log(`\n${BURST.webhooks} webhooks${kills ? ', the bot killed when half are answered' : ''}`);
  for (const [line, holds] of linesOf(figures, kills)) {
    console.log(`  ${holds ? '✔' : '✖'} ${line}`);
    if (!holds) missed += 1;
  }
}
process.exitCode = missed === 0 ? 0 : 1;

function linesOf(figures: BurstFigures, kills: boolean): readonly (readonly [string, boolean])[] {
  const { answers, p50, p99, longest, seconds, memoryMiB, askedOfGitHub, runsAfter } = figures;
  const taken = answers[202] ?? 0;
  const unheard = answers[0] ?? 0;
  const { managed, runs, lost, doubled, planned, plannedTwice } = figures;
  const { before, most } = memoryMiB;
  return [
    [
      `answered: ${taken} in ${seconds.toFixed(1)} s; by nobody, as it was dead: ${unheard}`,
      taken + unheard === BURST.webhooks && (kills || unheard === 0),
    ],
    [`answer: median ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`, p99 <= P99_MS],
    [
      `${managed} merges of managed files: ${runs} runs, ${lost} lost, ${doubled} doubled; the last run was there after ${runsAfter.toFixed(1)} s`,
      lost === 0 && doubled === 0 && runs === managed,
    ],
    [
      `${BURST.pullRequests} open pull requests: ${planned} with their comment, ${plannedTwice} with more than one`,
      planned === BURST.pullRequests && plannedTwice === 0,
    ],
    [`memory: ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`, most - before <= MEMORY_MIB],
    [`requests to GitHub while it went on: ${askedOfGitHub}`, true],
  ];
}
