import type { PauseFailover } from '../../domain/action.ts';
import type { PauseGoal } from '../../domain/goal.ts';
import { hostsOf, type DesiredCluster } from '../../domain/desired.ts';
import { pauseOn, type Watcher } from '../../domain/health/sentinel-watch.ts';
import { PAUSED_MS } from '../../domain/sentinel/pause.ts';
import { placeOf } from './place.ts';

/** Sentinel’s own default. */
const USUAL_MS = 30_000;

/** Keeps one Sentinel from calling the master down. Null if that pause is in place. */
export function pauseFailover(
  watcher: Watcher,
  { until, by, reason }: PauseGoal,
  desired: DesiredCluster,
): PauseFailover | null {
  const { node, master } = watcher;
  const now = pauseOn(watcher);
  const downAfterMs = now?.downAfterMs ?? unpaused(watcher, desired);
  const pause = { master: master.name, until, downAfterMs, by, reason };
  if (now && isSame(now, pause) && master.downAfterMs !== downAfterMs) return null;
  return {
    kind: 'pause-failover',
    node,
    summary: `Pause automatic failover by the Sentinel on ${node}`,
    disruptive: false,
    reason: `It calls no master down meanwhile. A timer on ${node} sets down-after-milliseconds back to ${downAfterMs}.`,
    ...placeOf(watcher),
    pause,
  };
}

/** Raised without a note: the note was lost, and Git says what it is to be. */
function unpaused({ node, master }: Watcher, desired: DesiredCluster): number {
  if (master.downAfterMs !== PAUSED_MS) return master.downAfterMs;
  const wanted = hostsOf(desired).find(({ name }) => name === node)?.sentinel?.file.content;
  return Number(wanted?.ofMaster(master.name, 'down-after-milliseconds') ?? USUAL_MS);
}

function isSame(one: PauseFailover['pause'], other: PauseFailover['pause']): boolean {
  return one.until === other.until && one.reason === other.reason && one.by === other.by;
}
