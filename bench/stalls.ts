import { ownThread } from '../src/adapters/apart/apart.ts';
import { textTable } from '../src/report/text/text-table.ts';
import { READER } from '../src/serve/reader-file.ts';
import { median } from './figures.ts';
import { hostLine } from './machine.ts';
import { INPUTS, type Input } from './stalls/inputs.ts';
import { longestStall } from './stalls/longest.ts';

/** Maximum milliseconds without a turn of the event loop, whatever comes. */
const GOAL_MS = 50;
const ROUNDS = 3;

console.log(`${new Date().toISOString()}, ${ROUNDS} rounds, medians. ${hostLine()}\n`);
const results: { name: string; stallMs: number; tookMs: number }[] = [];
for (const input of INPUTS) {
  // Lets Node compile hot code first, as it has in a bot that runs.
  await longestStall(() => taken(input));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await longestStall(() => taken(input)));
  }
  results.push({
    name: input.name,
    stallMs: median(rounds.map(({ stallMs }) => stallMs)),
    tookMs: median(rounds.map(({ tookMs }) => tookMs)),
  });
}
const rows = results.map(({ name, stallMs, tookMs }) => [name, `${stallMs.toFixed(0)} ms`, `${tookMs.toFixed(0)} ms`]);
for (const line of textTable({ columns: ['input', 'longest stall', 'answered in'], rows }, 120)) console.log(line);
const longest = results.reduce((worst, each) => (each.stallMs > worst.stallMs ? each : worst));
const holds = longest.stallMs <= GOAL_MS;
console.log(
  `\n${holds ? '✔' : '✖'} longest stall: ${longest.stallMs.toFixed(0)} ms, ${longest.name} (target: at most ${GOAL_MS} ms)`,
);
process.exitCode = holds ? 0 : 1;

async function taken(input: Input): Promise<void> {
  const apart = ownThread(READER);
  await input.take(apart).catch(() => undefined);
  apart.close();
}
