import type { DriftOffer } from '../../domain/chat/click.ts';
import type { DriftRecord } from '../../domain/drift/drift-record.ts';
import type { Drift, DriftLook } from '../../domain/drift/drift.ts';
import { keepableOf, type Keepable } from '../../domain/git/keepable.ts';
import type { Report, Section } from '../../domain/report.ts';
import { driftAdvice, driftSections, driftSummary } from './drift-report.ts';
import { instant, plural, short } from '../text/format.ts';
import { markdown } from '../markdown/markdown.ts';

/** A message edited in place must stay a single message. */
const MOST_ROWS = 12;

/** The drift’s message in its current state. */
export function driftMessage(record: DriftRecord): Report {
  const { cluster, look, since, goneAt } = record;
  const footer = [`Git ${short(look.revision)}`, `Since ${instant(since)}`];
  if (goneAt !== null)
    return {
      title: `${cluster}: no more drift`,
      tone: 'good',
      summary: `Since ${instant(goneAt)} all nodes match Git. The drift began at ${instant(since)}.`,
      sections: [],
      footer,
    };
  const { unread } = look;
  const advice = record.applying ? null : driftAdvice(look);
  return {
    title: `${cluster}: ${titleOf(look)}`,
    tone: record.applying ? 'running' : record.ignored ? 'neutral' : unread.length > 0 ? 'bad' : 'warning',
    summary: driftSummary(look),
    ...(advice === null ? {} : { next: advice }),
    sections: [...driftSections(look).map(limited), ...responsesTo(record)],
    footer,
  };
}

function titleOf({ drifts, unread }: DriftLook): string {
  if (drifts.length > 0) return 'the nodes drifted from Git';
  return unread.length > 0 ? 'drift unknown' : 'healthy, but a failover would fail';
}

function limited(section: Section): Section {
  const size = section.kind === 'table' ? section.rows.length : section.kind === 'list' ? section.items.length : 0;
  const more = size - MOST_ROWS;
  if (more <= 0) return section;
  if (section.kind === 'table')
    return { ...section, rows: [...section.rows.slice(0, MOST_ROWS), ['…', '', `${more} more: \`drift\``, '', '']] };
  if (section.kind === 'list')
    return { ...section, items: [...section.items.slice(0, MOST_ROWS), { tone: 'neutral', text: `and ${more} more` }] };
  return section;
}

/** Responses to the drift so far. */
function responsesTo({ ignored, applying, appliedAt, since, pullRequest }: DriftRecord): readonly Section[] {
  const lines = [
    applying &&
      `Run \`${applying.run}\` applies Git${applying.by === null ? ' automatically' : `, asked for by ${applying.by}`}.`,
    ignored && `Ignored until ${instant(ignored.until)} by ${ignored.by}. A new difference ends this.`,
    pullRequest && `Pull request #${pullRequest.number} keeps what the nodes have: ${pullRequest.url}`,
    appliedAt !== null &&
      !applying &&
      Date.parse(appliedAt) + 3_600_000 > Date.parse(since) &&
      `Applied automatically at ${instant(appliedAt)}. Not again within an hour, unless someone clicks Apply.`,
  ].filter((line) => typeof line === 'string');
  return lines.length === 0 ? [] : [{ kind: 'text', text: lines.join('\n') }];
}

/** The buttons below it. @param canOpenPullRequest Whether the repository is on a code host. */
export function driftOffers(
  { look, goneAt, ignored, applying, pullRequest }: DriftRecord,
  canOpenPullRequest: boolean,
): readonly DriftOffer[] {
  if (goneAt !== null || applying) return [];
  const offers: DriftOffer[] = [];
  if (look.obstacles.length === 0 && look.drifts.some(({ byApply }) => byApply)) offers.push('apply');
  if (canOpenPullRequest && !pullRequest && keepableOf(look.drifts)) offers.push('pull-request');
  if (!ignored) offers.push('ignore-day', 'ignore-week');
  return offers;
}

/** Posted in the message’s thread, because nobody notices an edit. */
export function driftAdded(added: readonly Drift[]): Report {
  const items = added.slice(0, MOST_ROWS).map(({ node, kind, subject, git, actual }) => ({
    tone: 'warning' as const,
    text: `${node}: ${subject} (${kind}) is ${actual}; Git has ${git}`,
  }));
  const more = added.length - items.length;
  return {
    title: 'More drift',
    tone: 'warning',
    summary: `${plural(added.length, 'difference')} more.${more > 0 ? ` The first ${items.length}:` : ''}`,
    sections: [{ kind: 'list', items }],
  };
}

export function driftReturned(): Report {
  return { title: 'Still there', tone: 'warning', summary: 'It is no longer ignored.', sections: [] };
}

/** Title and text of a pull request that puts the nodes’ values into Git. */
export function keepPullRequest(
  cluster: string,
  { drifts }: Keepable,
  askedBy: string,
): { title: string; body: string } {
  const subjects = [...new Set(drifts.map(({ kind, subject }) => (kind === 'role' ? 'redis_master_host' : subject)))];
  const more = subjects.length > 3 ? ` and ${subjects.length - 3} more` : '';
  const report: Report = {
    title: 'What the nodes have, in Git',
    tone: 'neutral',
    summary: `${askedBy} asked redisops to put into Git what these nodes of ${cluster} have. Once merged, it applies to all nodes of the cluster.`,
    sections: driftSections({ cluster, revision: '', drifts, unread: [], obstacles: [] }).slice(0, 1),
  };
  return {
    title: `${cluster}: keep ${subjects.slice(0, 3).join(', ')}${more} as the nodes have it`,
    body: markdown(report),
  };
}
