import type { RedisopsError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { Origin } from '../../domain/run/run.ts';

/** The root message of a run that its worker could not finish: the next worker continues it. */
export function leftOpenReport(
  run: { title: string; origin: Origin; run: string },
  { code, message }: RedisopsError,
): Report {
  return {
    title: run.title,
    tone: 'running',
    summary: `${message} The run resumes from the current state of the nodes.`,
    askedBy: run.origin,
    sections: [],
    footer: [`Run ${run.run}`, `Code ${code}`],
  };
}
