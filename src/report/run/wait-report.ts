import type { Report } from '../../domain/report.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import { instant } from '../text/format.ts';

/** The root message of a merge’s run that may not start yet. */
export function waitReport(
  run: { title: string; origin: Origin; run: string },
  { code, message, since }: NonNullable<RunRecord['waits']>,
): Report {
  const unlock = code === 'CLUSTER_LOCKED' ? '`/redis unlock` starts it at once. ' : '';
  return {
    title: run.title,
    tone: 'neutral',
    summary: message,
    askedBy: run.origin,
    next: `${unlock}It starts automatically within half a minute after that. \`/redis stop ${run.run}\` cancels it.`,
    sections: [],
    footer: [`Run ${run.run}`, `Waiting since ${instant(since)}`, `Code ${code}`],
  };
}
