import type { AuditHead, ChainedEntry } from '../../domain/audit/chain.ts';
import type { AuditProblem } from '../../domain/audit/verify-chain.ts';
import type { Report } from '../../domain/report.ts';
import { DASH, instant, plural, short } from '../text/format.ts';

/** The newest entries of the audit, and whether all of them are as they were written. */
export interface AuditSummary {
  /** Newest first. */
  entries: readonly ChainedEntry[];
  head: AuditHead | null;
  problems: readonly AuditProblem[];
  /** Why the head in the queue’s Redis was not compared; null if it was. */
  unchecked: string | null;
}

const MOST_PROBLEMS = 20;

export function auditReport({ entries, head, problems, unchecked }: AuditSummary): Report {
  const isWhole = problems.length === 0;
  const rows = entries.map(({ number, at, origin, cluster, what, outcome, run }) => [
    String(number),
    instant(at),
    origin.name ?? origin.actor,
    cluster,
    what,
    outcome,
    run ?? DASH,
  ]);
  return {
    title: 'Audit',
    tone: isWhole ? 'good' : 'bad',
    summary: isWhole ? wholeText(head) : 'The audit was changed outside redisops (AUDIT_BROKEN).',
    ...(isWhole ? {} : { next: 'Compare it with what syslog or the webhook received. Find out who was on this host.' }),
    sections: [
      ...(isWhole ? [] : [{ kind: 'list' as const, heading: 'What is wrong', items: itemsOf(problems) }]),
      ...(unchecked === null ? [] : [{ kind: 'text' as const, text: unchecked }]),
      ...(rows.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              heading: 'Newest first',
              columns: ['#', 'when', 'by', 'cluster', 'what', 'outcome', 'run'],
              rows,
            },
          ]),
    ],
    ...(head ? { footer: [`last entry ${head.number}`, `hash ${short(head.hash)}`] } : {}),
  };
}

function wholeText(head: AuditHead | null): string {
  if (!head) return 'No entries yet.';
  return head.number === 1
    ? 'The only entry is as it was written.'
    : `All ${plural(head.number, 'entry', 'entries')} are as they were written.`;
}

function itemsOf(problems: readonly AuditProblem[]): { tone: 'bad'; text: string }[] {
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ message }) => sentence(message));
  const rest = problems.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${plural(rest, 'more problem')}.`] : [])].map((text) => ({ tone: 'bad', text }));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
