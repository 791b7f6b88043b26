import { pauseOn } from '../health/sentinel-watch.ts';
import { describePause } from '../sentinel/pause.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

export const pauseRules: readonly ReadinessRule[] = [paused];

/** Automatic failover is paused: named for as long as that lasts. */
function paused({ watch: { watchers } }: Readable): readonly Lack[] {
  const held = watchers.flatMap((watcher) => {
    const pause = pauseOn(watcher);
    return pause ? [{ ...watcher, pause }] : [];
  });
  const [first] = held;
  if (!first) return [];
  const said = describePause(first.pause);
  return [
    {
      code: 'FAILOVER_PAUSED',
      nodes: held.map(({ node }) => node),
      message: `${said.slice(0, 1).toUpperCase()}${said.slice(1)}.`,
      evidence: held.map(
        ({ node, pause, master }) =>
          `Sentinel on ${node}: down-after-milliseconds ${master.downAfterMs}; ${pause.downAfterMs} again at the end`,
      ),
      cure: 'It ends by itself, by a timer on each Sentinel’s host. `resume` ends it now.',
    },
  ];
}
