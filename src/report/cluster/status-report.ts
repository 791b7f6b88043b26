import type { DesiredCluster } from '../../domain/desired.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { Risk } from '../../domain/plan.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import type { Judgement } from '../../domain/verdict.ts';
import type { Incident } from '../../domain/health/last-look.ts';
import { restartsSection } from './incidents-report.ts';
import { listed, plural, short } from '../text/format.ts';
import { isUp, linkOf, replicationTable } from '../parts/replication.ts';
import { readinessSection, sentinelOverview, sentinelSection } from '../parts/sentinels.ts';
import type { Lack } from '../../domain/sentinel/lack.ts';
import { reasonsSection, stateText, toneOf } from '../parts/verdict-text.ts';

interface Extras {
  holdUps?: readonly RedisopsError[];
  incidents?: readonly Incident[];
  readiness?: readonly Lack[];
  /** What is wrong with no node, but not as it should stay. */
  notes?: readonly Risk[];
}

/** The `status` report: the verdict with its reasons, and every node. */
export function statusReport(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  judgement: Judgement,
  { holdUps = [], incidents = [], readiness = [], notes = [] }: Extras = {},
): Report {
  const { verdict } = judgement;
  const wouldFail = readiness.some(({ isWarning }) => !isWarning);
  return {
    title: `${desired.cluster}: ${stateText(verdict, wouldFail)}`,
    tone: wouldFail && verdict === 'healthy' ? 'warning' : toneOf(verdict),
    summary: summaryOf(observed),
    ...nextOf(judgement, observed, incidents),
    sections: [
      ...holdUpSection(holdUps),
      ...reasonsSection(judgement),
      ...readinessSection(readiness),
      ...notesSection(notes),
      ...restartsSection(incidents),
      replicationTable(observed, 'Nodes'),
      ...sentinelSection(sentinelOverview(desired, observed)),
    ],
    footer: [`Git ${short(desired.revision)}`],
  };
}

function nextOf(
  { verdict }: Judgement,
  observed: readonly NodeFacts[],
  incidents: readonly Incident[],
): Pick<Report, 'next'> {
  const common = commonHint(observed) ?? '`doctor` looks for causes. `plan` shows what an apply would do.';
  const causes = verdict === 'healthy' ? [] : [common];
  const seen = incidents.length === 0 ? [] : ['`acknowledge` ends the report of what happened since the last look.'];
  const next = [...causes, ...seen].join(' ');
  return next === '' ? {} : { next };
}

/** If no node can be read, and all for the same reason, that reason is most likely on this side: how to remove it, once. */
function commonHint(observed: readonly NodeFacts[]): string | null {
  const unread = observed.flatMap((node) => (node.reachable ? [] : [node]));
  const [first] = unread;
  if (!first?.hint || unread.length < observed.length) return null;
  return unread.every(({ code }) => code === first.code) ? first.hint : null;
}

function notesSection(notes: readonly Risk[]): Section[] {
  if (notes.length === 0) return [];
  const items = notes.map(({ message, code }): ListItem => ({ tone: 'warning', text: `${message} (${code})` }));
  return [{ kind: 'list', heading: 'Notes', items }];
}

/** Everything that keeps changes from starting. */
function holdUpSection(holdUps: readonly RedisopsError[]): Section[] {
  if (holdUps.length === 0) return [];
  return [
    { kind: 'list', items: holdUps.map(({ message, code }) => ({ tone: 'warning', text: `${message} (${code})` })) },
  ];
}

function summaryOf(observed: readonly NodeFacts[]): string {
  const read = observed.filter((node) => node.reachable).length;
  const nodes = read === observed.length ? plural(read, 'node') : `${read} of ${plural(observed.length, 'node')} read`;
  const masters = observed.filter((node) => isUp(node) && node.redis.role === 'master').map(({ name }) => name);
  const links = observed.map(linkOf).filter((link) => link !== null);
  const up = links.filter((link) => link.up).length;
  const replicas =
    up === links.length ? plural(up, 'replica') : `${plural(links.length, 'replica')}, ${up} of them with the link up`;
  return `${nodes}: ${mastersText(masters)}, ${replicas}.`;
}

function mastersText(masters: readonly string[]): string {
  if (masters.length === 0) return 'no master';
  return masters.length === 1 ? `master ${listed(masters)}` : `${masters.length} masters (${listed(masters)})`;
}
