import type { Drift, DriftLook } from '../../domain/drift/drift.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import { directiveValue } from '../parts/directive-value.ts';
import { listed, plural, short } from '../text/format.ts';

/** Each difference between Git and the nodes, and the nodes that could not be compared. */
export function driftReport(look: DriftLook): Report {
  const { cluster, revision, drifts, unread } = look;
  const next = driftAdvice(look);
  return {
    title: `${cluster}: ${driftTitle(look)}`,
    tone: unread.length > 0 ? 'bad' : drifts.length > 0 ? 'warning' : 'good',
    summary: driftSummary(look),
    ...(next === null ? {} : { next }),
    sections: driftSections(look),
    footer: [`Git ${short(revision)}`],
  };
}

function driftTitle({ drifts, unread, readiness = [] }: DriftLook): string {
  if (drifts.length > 0) return plural(drifts.length, 'difference from Git', 'differences from Git');
  if (unread.length > 0) return 'drift unknown';
  return readiness.length > 0 ? 'no drift, but a failover would fail' : 'no drift';
}

export function driftSummary({ drifts, unread }: Pick<DriftLook, 'drifts' | 'unread'>): string {
  const names = unread.map(({ node }) => node);
  const unknown = names.length === 0 ? '' : ` ${listed(names)} could not be read, so drift there is unknown.`;
  const nodes = [...new Set(drifts.map(({ node }) => node))].toSorted();
  if (drifts.length > 0) return `${plural(drifts.length, 'difference')} on ${listed(nodes)}.${unknown}`;
  return `Everything that was read matches Git.${unknown}`;
}

/** What the person can do; null if nothing. */
export function driftAdvice({ drifts, obstacles }: DriftLook): string | null {
  if (drifts.length === 0) return null;
  if (obstacles.length > 0) return 'An apply would be refused now: see below.';
  const role = drifts.find(({ subject, byApply }) => !byApply && subject === 'master of the cluster');
  const apply = drifts.some(({ byApply }) => byApply)
    ? '`apply` makes the nodes match Git. To keep what they have, put it into Git.'
    : null;
  const roles = role
    ? `An apply does not move roles: put \`redis_master_host: ${role.actual}\` into Git, or hand the role back.`
    : null;
  const others = 'An apply does not change these: a person decides.';
  return [apply, roles].filter((text) => text !== null).join(' ') || others;
}

export function driftSections({ drifts, unread, obstacles, readiness = [] }: DriftLook): readonly Section[] {
  const bad = (text: string): ListItem => ({ tone: 'bad', text });
  const left = drifts.filter(({ byApply }) => !byApply);
  return [
    ...(drifts.length === 0 ? [] : [driftTable(drifts)]),
    ...listOf(
      'Could not be read',
      unread.map(({ node, code, reason }) => bad(`${node}: ${reason} (${code})`)),
    ),
    ...listOf(
      'Not changed by an apply',
      left.map(({ node, subject, actual }) => ({ tone: 'warning', text: `${node}: ${subject} (${actual})` })),
    ),
    ...listOf('Blockers of an apply', obstacles.map(bad)),
    ...listOf(
      'A failover would fail',
      readiness.map(({ code, message, cure }) => bad(`${message} (${code})\n${cure}`)),
    ),
  ];
}

function listOf(heading: string, items: readonly ListItem[]): readonly Section[] {
  return items.length === 0 ? [] : [{ kind: 'list', heading, items }];
}

/** Nodes with the same difference are shown together. */
function driftTable(drifts: readonly Drift[]): Section {
  const groups = new Map<string, { nodes: string[]; drift: Drift }>();
  for (const drift of drifts) {
    const key = JSON.stringify([drift.kind, drift.subject, drift.git, drift.actual]);
    const group = groups.get(key);
    if (group) group.nodes.push(drift.node);
    else groups.set(key, { nodes: [drift.node], drift });
  }
  return {
    kind: 'table',
    columns: ['node', 'what', 'subject', 'Git', 'node has'],
    rows: [...groups.values()].map(({ nodes, drift: { kind, subject, git, actual } }) => [
      nodes.join(', '),
      kind,
      subject,
      sized(kind, subject, git),
      sized(kind, subject, actual),
    ]),
  };
}

function sized(kind: Drift['kind'], subject: string, value: string): string {
  return kind === 'running' || kind === 'file' ? directiveValue(subject, value) : value;
}
