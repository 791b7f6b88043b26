import { describeGoal } from '../../domain/goal.ts';
import type { Report } from '../../domain/report.ts';
import type { RunHistory } from '../../domain/run/run-history.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import { DASH, duration, instant, plural } from '../text/format.ts';

/** The last runs, newest first. */
export function historyReport({ runs, unreadable }: RunHistory): Report {
  const others = ofAnotherVersion(unreadable);
  if (runs.length === 0) {
    const summary = unreadable.length === 0 ? 'No runs yet.' : 'No run can be shown.';
    return { title: 'History', tone: 'neutral', summary, sections: others };
  }
  const several = new Set(runs.map(({ cluster }) => cluster)).size > 1;
  return {
    title: 'History',
    tone: 'neutral',
    summary: `The last ${plural(runs.length, 'run')}, newest first.`,
    sections: [
      {
        kind: 'table',
        columns: ['when', ...(several ? ['cluster'] : []), 'what', 'by', 'took', 'outcome'],
        rows: runs.map((run) => [
          instant(run.requestedAt),
          ...(several ? [run.cluster] : []),
          describeGoal(run.goal),
          byText(run.origin),
          run.durationMs === null ? DASH : duration(run.durationMs),
          run.status.replaceAll('-', ' '),
        ]),
      },
      ...decisions(runs),
      ...failures(runs),
      ...others,
    ],
  };
}

function ofAnotherVersion(names: readonly string[]): Report['sections'] {
  if (names.length === 0) return [];
  const items = names.map((text) => ({ tone: 'warning' as const, text }));
  return [{ kind: 'list', heading: 'Written by another version of redisops and not readable by this one', items }];
}

function byText({ actor, pullRequest }: Origin): string {
  return pullRequest === undefined ? actor : `${actor}, #${pullRequest}`;
}

/** Who approved or denied a plan. */
function decisions(runs: readonly RunRecord[]): Report['sections'] {
  const items = runs.flatMap(({ decision: taken, goal, requestedAt }) => {
    if (!taken) return [];
    const tone = taken.decision === 'approved' ? ('good' as const) : ('warning' as const);
    const what = `${instant(requestedAt)}, ${describeGoal(goal)}`;
    return [{ tone, text: `${what}: ${taken.decision} by ${taken.by}, ${instant(taken.at)}` }];
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'Who decided', items }];
}

/** Why runs failed. */
function failures(runs: readonly RunRecord[]): Report['sections'] {
  const items = runs.flatMap(({ status, code, message, requestedAt }) => {
    if ((status !== 'failed' && status !== 'refused') || message === null) return [];
    const tone = status === 'failed' ? ('bad' as const) : ('warning' as const);
    return [{ tone, text: `${instant(requestedAt)}: ${message}${code === null ? '' : ` (${code})`}` }];
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'What went wrong', items }];
}
