import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { textTable } from '../src/report/text/text-table.ts';
import { median } from './figures.ts';
import { figures, type Figures } from './fleet/figures.ts';
import { WORKS, type Work } from './fleet/works.ts';
import { hostLine } from './machine.ts';

const SIZES = [1, 30, 100, 300];
/** Maximum time per cluster in the largest repository, relative to the one of 30. */
const MOST_RATIO = 1.5;
/** Maximum milliseconds without a turn of the event loop. */
const GOAL_MS = 50;
const COLUMNS = ['', 'clusters', 'time', 'per cluster', 'memory', 'longest standstill'];

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(values.rounds);
if (!(rounds > 0)) throw new RangeError('--rounds takes a number above 0');

console.log(`${new Date().toISOString()}, ${rounds} rounds, medians. ${hostLine()}\n`);
const results: { work: Work; clusters: number; found: Figures }[] = [];
for (const work of WORKS)
  for (const clusters of SIZES) results.push({ work, clusters, found: await measured(work, clusters) });

const rows = results.map(({ work, clusters, found: { ms, memoryMiB, stillMs } }) => [
  work,
  String(clusters),
  `${ms.toFixed(0)} ms`,
  `${(ms / clusters).toFixed(1)} ms`,
  `${memoryMiB.toFixed(0)} MiB`,
  `${stillMs.toFixed(0)} ms`,
]);
for (const line of textTable({ columns: COLUMNS, rows }, 120)) console.log(line);
console.log('');
for (const work of WORKS) {
  const ratio = perCluster(work, 300) / perCluster(work, 30);
  const holds = ratio <= MOST_RATIO;
  console.log(
    `${holds ? '✔' : '✖'} ${work}: time per cluster of 300 against 30: ${ratio.toFixed(2)}× (target: at most ${MOST_RATIO})`,
  );
  if (!holds) process.exitCode = 1;
}
const longest = Math.max(...results.map(({ found }) => found.stillMs));
console.log(`  longest standstill: ${longest.toFixed(0)} ms (goal: at most ${GOAL_MS}; others at work make it longer)`);

/** Each round in a separate process. */
async function measured(work: Work, clusters: number): Promise<Figures> {
  const all: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const program = join(import.meta.dirname, 'fleet/measure.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, work, String(clusters)]);
    all.push(figures.parse(JSON.parse(stdout)));
  }
  return {
    ms: median(all.map(({ ms }) => ms)),
    memoryMiB: median(all.map(({ memoryMiB }) => memoryMiB)),
    stillMs: median(all.map(({ stillMs }) => stillMs)),
  };
}

function perCluster(work: Work, clusters: number): number {
  const result = results.find((each) => each.work === work && each.clusters === clusters);
  return (result?.found.ms ?? 0) / clusters;
}
