import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figures } from './figures.ts';
import { prepared, WORKS, type Work } from './works.ts';

const WARM_UP = 10;

const [work, clusters] = [process.argv[2], Number(process.argv[3])];
const wanted = WORKS.find((each) => each === work);
if (!wanted || !(clusters > 0)) throw new RangeError('measure takes a work and a number of clusters');
process.stdout.write(`${JSON.stringify(await measured(wanted, clusters))}\n`);

async function measured(of: Work, size: number): Promise<Figures> {
  // Lets Node compile hot code first: otherwise only small repositories would pay for it.
  await (
    await prepared(of, WARM_UP)
  )();
  const doIt = await prepared(of, size);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause(50);
  delay.reset();
  // The first turn after a reset only starts the measurement.
  await pause(20);
  const begun = performance.now();
  await doIt();
  const ms = performance.now() - begun;
  await pause(5);
  delay.disable();
  return { ms, memoryMiB: process.resourceUsage().maxRSS / 1024, stillMs: delay.max / 1e6 };
}
