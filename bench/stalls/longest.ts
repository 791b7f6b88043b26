import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/** The longest time, in milliseconds, for which the event loop took no turn while the work was done. */
export async function longestStall(work: () => Promise<unknown>): Promise<{ stallMs: number; tookMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause(20);
  delay.reset();
  // The first turn after a reset only starts the measurement.
  await pause(10);
  const begun = performance.now();
  await work().catch(() => undefined);
  const tookMs = performance.now() - begun;
  await pause(5);
  delay.disable();
  return { stallMs: delay.max / 1e6, tookMs };
}
