import { describeGoal } from '../../domain/goal.ts';
import type { Report } from '../../domain/report.ts';
import type { RunHistory } from '../../domain/run/run-history.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import type { FailoverRecord } from '../../domain/failover/failover-record.ts';
import { acknowledgedText } from '../cluster/health-message.ts';
import { causeText } from '../cluster/failover-message.ts';
import { DASH, duration, instant, plural } from '../text/format.ts';

/** The last runs, and the failovers by Sentinel among them, newest first. */
export function historyReport({ runs, unreadable }: RunHistory, failovers: readonly FailoverRecord[] = []): Report {
  const others = ofAnotherVersion(unreadable);
  if (runs.length + failovers.length === 0) {
    const summary = unreadable.length === 0 ? 'No runs yet.' : 'No run can be shown.';
    return { title: 'History', tone: 'neutral', summary, sections: others };
  }
  const names = namesIn(runs);
  const several = new Set([...runs, ...failovers].map(({ cluster }) => cluster)).size > 1;
  return {
    title: 'History',
    tone: 'neutral',
    summary: `The last ${plural(runs.length, 'run')}${failovers.length === 0 ? '' : ` and ${plural(failovers.length, 'failover')}`}, newest first.`,
    sections: [
      {
        kind: 'table',
        columns: ['when', ...(several ? ['cluster'] : []), 'what', 'by', 'took', 'outcome', 'run'],
        rows: [...runs.map(runRow), ...failovers.map(failoverRow)]
          .toSorted((a, b) => b.at.localeCompare(a.at))
          .map(({ at, cluster, cells }) => [instant(at), ...(several ? [cluster] : []), ...cells]),
      },
      ...failoverSection(failovers),
      ...decisions(runs, names),
      ...failures(runs, names),
      ...others,
    ],
  };
}

interface Row {
  at: string;
  cluster: string;
  /** What, by whom, how long, outcome, name. */
  cells: readonly string[];
}

function runRow(run: RunRecord): Row {
  const cells = [describeGoal(run.goal), byText(run.origin), tookText(run), outcomeText(run), run.run];
  return { at: run.requestedAt, cluster: run.cluster, cells };
}

function failoverRow({ at, cluster, from, to, cause, noWritesMs, failover }: FailoverRecord): Row {
  const what = to === null ? `failover from ${from}` : `failover ${from} → ${to}`;
  const by = cause.kind === 'run' ? 'redisops' : 'Sentinel';
  const took = noWritesMs === null ? DASH : duration(noWritesMs);
  return { at, cluster, cells: [what, by, took, to === null ? 'given up' : 'done', failover] };
}

/** Why each failover happened, and who acknowledged it. */
function failoverSection(failovers: readonly FailoverRecord[]): Report['sections'] {
  const items = failovers.map((record) => {
    const seen = record.acknowledged ? ` ${acknowledgedText(record.acknowledged)}` : '';
    const given = record.givenUp ? ` ${record.givenUp.event}.` : '';
    const tone = record.to === null ? ('bad' as const) : ('warning' as const);
    return { tone, text: `${record.failover}: ${causeText(record)}${given}${seen}` };
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'Failovers', items }];
}

function ofAnotherVersion(names: readonly string[]): Report['sections'] {
  if (names.length === 0) return [];
  const items = names.map((text) => ({ tone: 'warning' as const, text }));
  return [{ kind: 'list', heading: 'Written by another version of redisops and not readable by this one', items }];
}

function byText({ actor, name = actor, pullRequest }: Origin): string {
  return pullRequest === undefined ? name : `${name}, #${pullRequest}`;
}

/** A person’s stop is no failure. */
function outcomeText({ status, code }: RunRecord): string {
  if (code === 'STOPPED') return 'stopped';
  if (code === 'CANCELLED') return 'cancelled';
  return status.replaceAll('-', ' ');
}

/** From the approved plan to the verification; from the request if the run ended before that. */
function tookText({ durationMs, requestedAt, finishedAt }: RunRecord): string {
  if (durationMs === null) return DASH;
  if (durationMs > 0 || finishedAt === null) return duration(durationMs);
  return duration(Date.parse(finishedAt) - Date.parse(requestedAt));
}

/** Names of the people of these runs, by their Slack IDs. */
function namesIn(runs: readonly RunRecord[]): ReadonlyMap<string, string> {
  const named = runs.flatMap(({ origin, decision, decidedBy }): [string, string][] => [
    ...(origin.name === undefined ? [] : [[origin.actor, origin.name] satisfies [string, string]]),
    ...(decision && decidedBy !== undefined ? [[decision.by, decidedBy] satisfies [string, string]] : []),
  ]);
  return new Map(named);
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\b[UW][A-Z0-9]{2,}\b/g, (id) => names.get(id) ?? id).replaceAll(/(\b\S+) \(\1\)/g, '$1');
}

/** Who approved or denied a plan. */
function decisions(runs: readonly RunRecord[], names: ReadonlyMap<string, string>): Report['sections'] {
  const items = runs.flatMap(({ decision: taken, goal, run }) => {
    if (!taken) return [];
    const tone = taken.decision === 'approved' ? ('good' as const) : ('warning' as const);
    const by = withNames(taken.by, names);
    return [{ tone, text: `${run}, ${describeGoal(goal)}: ${taken.decision} by ${by}, ${instant(taken.at)}` }];
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'Who decided', items }];
}

/** Why runs failed. */
function failures(runs: readonly RunRecord[], names: ReadonlyMap<string, string>): Report['sections'] {
  const items = runs.flatMap(({ status, code, message, run }) => {
    if ((status !== 'failed' && status !== 'refused') || code === 'CANCELLED' || message === null) return [];
    const tone = status === 'failed' && code !== 'STOPPED' ? ('bad' as const) : ('warning' as const);
    return [{ tone, text: `${run}: ${withNames(message, names)}${code === null ? '' : ` (${code})`}` }];
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'What went wrong', items }];
}
