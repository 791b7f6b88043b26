import type { ResumeFailover } from '../../domain/action.ts';
import { pauseOn, type Watcher } from '../../domain/health/sentinel-watch.ts';
import { placeOf } from './place.ts';

/** Ends a Sentinel’s pause. Null if it has none. */
export function resumeFailover(watcher: Watcher): ResumeFailover | null {
  const { node, master } = watcher;
  const pause = pauseOn(watcher);
  if (!pause) return null;
  return {
    kind: 'resume-failover',
    node,
    summary: `Resume automatic failover by the Sentinel on ${node}`,
    disruptive: false,
    reason: `down-after-milliseconds is ${pause.downAfterMs} again, as before the pause.`,
    ...placeOf(watcher),
    masterName: master.name,
    downAfterMs: pause.downAfterMs,
  };
}
