import { describeGoal } from '../../domain/goal.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';
import type { RunRecord, RunResult } from '../../domain/run/run.ts';
import { planReport } from '../plan/plan-report.ts';
import { duration, instant } from '../text/format.ts';
import { runReport } from './run-report.ts';

/** A run as it is kept. */
export interface PastRun {
  record: RunRecord;
  /** Null while it is open, and for one of an older version. */
  result: RunResult | null;
  journal: readonly JournalEntry[];
}

const MOST_STEPS = 60;

/** Everything kept of one run: who, what, the plan, the steps, and how it ended. */
export function pastRunReport({ record, result, journal }: PastRun): Report {
  const end = result ? runReport(result, []) : null;
  const plan = result?.plan ? planReport(result.plan) : null;
  return {
    title: end?.title ?? `${record.cluster}: ${describeGoal(record.goal)} – ${record.status.replaceAll('-', ' ')}`,
    tone: end?.tone ?? 'neutral',
    summary: end?.summary ?? record.message ?? 'Nothing more is kept of it.',
    ...(end?.next === undefined ? {} : { next: end.next }),
    sections: [peopleSection(record), ...(plan?.sections ?? []), ...(end?.sections ?? []), ...journalSection(journal)],
    footer: end?.footer ?? [`Run ${record.run}`, ...(record.code === null ? [] : [`Code ${record.code}`])],
  };
}

function peopleSection(record: RunRecord): Section {
  const { origin, requestedAt, finishedAt, durationMs, decision, decidedBy, stop, breakGlass } = record;
  const name = origin.name === undefined ? origin.actor : `${origin.name} (${origin.actor})`;
  const merged = origin.pullRequest === undefined ? '' : `, pull request #${origin.pullRequest}`;
  const rows: (readonly [string, string])[] = [
    ['requested', `${instant(requestedAt)} by ${name} (${origin.from}${merged})`],
    ...(decision ? [[decision.decision, `${instant(decision.at)} by ${decidedBy ?? decision.by}`] as const] : []),
    ...(stop ? [['stopped', `${instant(stop.at)} by ${stop.by}`] as const] : []),
    ...(breakGlass === undefined ? [] : [['broke a freeze', breakGlass] as const]),
    ...(finishedAt === null ? [] : [['finished', instant(finishedAt)] as const]),
    ...(durationMs === null ? [] : [['took', duration(durationMs)] as const]),
    ['Git', record.revision],
  ];
  return { kind: 'table', columns: ['what', 'when and who'], rows };
}

function journalSection(journal: readonly JournalEntry[]): readonly Section[] {
  if (journal.length === 0) return [];
  const items = journal.slice(-MOST_STEPS).map(({ at, node, action, state }): ListItem => ({
    tone: state === 'failed' ? 'bad' : 'neutral',
    text: `${at.slice(11, 19)} ${node}: ${action} ${state}`,
  }));
  return [{ kind: 'list', heading: 'Journal', items }];
}
