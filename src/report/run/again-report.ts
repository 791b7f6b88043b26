import type { Report } from '../../domain/report.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { describeGoal } from '../../domain/goal.ts';
import type { RedisopsError } from '../../domain/error.ts';
import { duration } from '../text/format.ts';

/** When a run is planned again, for which time, and how often at most. */
export interface Again {
  inMs: number;
  time: number;
  most: number;
}

/** The root message of a run that trouble ended, which passes: it is planned again. */
export function againReport(
  { run, cluster, goal, origin }: Pick<RunRecord, 'run' | 'cluster' | 'goal' | 'origin'>,
  { code, message }: Pick<RedisopsError, 'code' | 'message'>,
  { inMs, time, most }: Again,
): Report {
  const plan = `A new plan is made in about ${duration(inMs)} (${time} of ${most}).`;
  return {
    title: `${cluster}: ${describeGoal(goal)} – to be planned again`,
    tone: 'warning',
    summary: message,
    askedBy: origin,
    next: `${plan} It needs another approval only if it disturbs more than was approved. \`/redis stop ${run}\` cancels it.`,
    sections: [],
    footer: [`Run ${run}`, `Code ${code}`],
  };
}
