import { CODES, type Code } from '../../domain/code.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import { actionsOf, isDisruptive, needsApproval, newNodes, openingsIn, type Plan } from '../../domain/plan.ts';
import type { CheckConclusion } from '../../domain/git/pull-request.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import { effectOf, nodesOf } from '../parts/action-text.ts';
import { OPENINGS } from '../parts/opening-section.ts';
import { errorReport } from '../error-report.ts';
import { listed, plural, short } from '../text/format.ts';
import { BLOCKERS, planReport, RISKS } from './plan-report.ts';
import { riskFigures } from './risk-figures.ts';

/** The result of planning one cluster. */
export type ClusterPlan =
  { cluster: string; plan: Plan; observed: readonly NodeFacts[] } | { cluster: string; error: RedisopsError };

/** The plans for a pull request, and their commits. */
export interface PullRequestPlan {
  head: string;
  base: string;
  branch: string;
  /**
   * Whether head and base were merged for it; otherwise only the head is planned: they conflict, or GitHub did not
   * answer in time.
   */
  merged: 'merged' | 'conflict' | 'unknown';
  /** The author is a stranger, or the change has vaulted values: show no values and no output of nodes. */
  guarded: boolean;
  clusters: readonly ClusterPlan[];
  /** What else must happen before the merge, in words. */
  waits?: string | null;
  /** Warnings about how it was planned. */
  notes: readonly string[];
}

/** One sentence for the check, and its conclusion. */
export interface PlanVerdict {
  conclusion: CheckConclusion;
  title: string;
}

/**
 * Mistakes and blockers fail the check. A disruptive plan is neutral: it may be merged, since it then waits for a
 * second person’s approval.
 */
export function verdictOf({ clusters, waits }: Pick<PullRequestPlan, 'clusters' | 'waits'>): PlanVerdict {
  const verdict = verdictOnPlans(clusters);
  if (!waits || verdict.conclusion === 'failure') return verdict;
  return { conclusion: 'action_required', title: `${waits}. ${verdict.title}` };
}

function verdictOnPlans(clusters: PullRequestPlan['clusters']): PlanVerdict {
  const plans = clusters.flatMap((each) => ('plan' in each ? [each.plan] : []));
  const invalid = clusters.filter((each) => 'error' in each);
  if (invalid.length > 0)
    return { conclusion: 'failure', title: `No plan for ${listed(invalid.map(({ cluster }) => cluster))}` };
  const blocked = plans.filter(({ blockers }) => blockers.length > 0);
  if (blocked.length > 0)
    return { conclusion: 'failure', title: `Blocked: ${listed(blocked.map(({ cluster }) => cluster))}` };
  const opening = plans.filter((plan) => openingsIn(plan).length > 0);
  if (opening.length > 0) {
    const names = listed(opening.map(({ cluster }) => cluster));
    return { conclusion: 'neutral', title: `Opens ${names} wider: needs an approval after the merge` };
  }
  const disruptive = plans.filter(isDisruptive);
  if (disruptive.length > 0) {
    const names = listed(disruptive.map(({ cluster }) => cluster));
    return { conclusion: 'neutral', title: `Disturbs service on ${names}: needs an approval after the merge` };
  }
  const growing = plans.filter((plan) => newNodes(plan).length > 0);
  if (growing.length > 0) {
    const names = listed(growing.flatMap(newNodes));
    return { conclusion: 'neutral', title: `Takes in ${names}: needs an approval after the merge` };
  }
  const adopting = plans.filter(needsApproval);
  if (adopting.length > 0) {
    const names = listed(adopting.map(({ cluster }) => cluster));
    return { conclusion: 'neutral', title: `Replaces someone’s files on ${names}: needs an approval after the merge` };
  }
  const steps = plans.reduce((sum, plan) => sum + actionsOf(plan).length, 0);
  if (steps === 0) return { conclusion: 'success', title: 'Nothing to do: the nodes already match' };
  return { conclusion: 'success', title: `${plural(steps, 'step')}; clients are not disturbed` };
}

const TONES: Readonly<Record<CheckConclusion, Tone>> = {
  success: 'good',
  failure: 'bad',
  neutral: 'warning',
  action_required: 'warning',
  cancelled: 'neutral',
};

/** The comment: every affected cluster, one after the other. */
export function pullRequestReport(planned: PullRequestPlan): Report {
  const { head, base, branch, merged, clusters, guarded, notes } = planned;
  const { conclusion, title } = verdictOf(planned);
  const into = `${branch} (${short(base)})`;
  const of = {
    merged: `For ${short(head)} merged into ${into}.`,
    conflict: `For ${short(head)} alone: it conflicts with ${into}.`,
    unknown: `For ${short(head)} alone: GitHub did not report the merge with ${into} in time.`,
  }[merged];
  const several = clusters.length > 1;
  return {
    title: `redisops plan – ${title}`,
    tone: TONES[conclusion],
    summary: of,
    sections: [
      ...noteSection(notes),
      ...clusters.flatMap((each) => sectionsOf(each, guarded).map((section) => named(section, each.cluster, several))),
    ],
    footer: [
      `Head ${head}`,
      `Base ${base}`,
      ...clusters.flatMap((each) =>
        'plan' in each ? [`${several ? `${each.cluster}: ` : ''}digest ${each.plan.digest}`] : [],
      ),
    ],
  };
}

function noteSection(notes: readonly string[]): Section[] {
  if (notes.length === 0) return [];
  return [{ kind: 'list', items: notes.map((text): ListItem => ({ tone: 'neutral', text })) }];
}

function named(section: Section, cluster: string, several: boolean): Section {
  if (!several) return section;
  return { ...section, heading: section.heading === undefined ? cluster : `${cluster}: ${section.heading}` };
}

function sectionsOf(each: ClusterPlan, guarded: boolean): readonly Section[] {
  if ('error' in each) return errorSections(each.error);
  const { plan, observed } = each;
  if (guarded) return guardedSections(plan);
  const { summary, sections } = planReport(plan);
  const isWarning = ({ heading }: Section): boolean =>
    heading === BLOCKERS || heading === OPENINGS || heading === RISKS;
  return [
    { kind: 'text', text: summary },
    ...sections.filter(isWarning),
    ...riskFigures(plan, observed),
    ...sections.filter((section) => !isWarning(section)),
  ];
}

function errorSections(error: RedisopsError): readonly Section[] {
  const { summary, next, sections, footer = [] } = errorReport(error);
  const text = [summary, next ?? '', footer[0] ?? ''].filter((line) => line !== '').join('\n');
  return [{ kind: 'text', text }, ...sections];
}

/** Without values: which kinds of steps and where, in redisops’ own words. */
function guardedSections(plan: Plan): readonly Section[] {
  const rows = nodesOf(actionsOf(plan)).map((node) => {
    const actions = actionsOf(plan).filter((action) => action.node === node);
    const directives = actions.flatMap((action) => (action.kind === 'config-set' ? action.changes : []));
    const effects = [...new Set(actions.flatMap((action) => effectOf(action) ?? []))];
    return [
      node,
      plural(actions.length, 'step'),
      listed(directives.map(({ directive }) => directive)),
      listed(effects),
    ];
  });
  const items = codeItems(plan.blockers, 'bad');
  const opens = codeItems(
    openingsIn(plan).map(({ opening }) => opening),
    'warning',
  );
  return [
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, heading: BLOCKERS, items }]),
    ...(opens.length === 0 ? [] : [{ kind: 'list' as const, heading: OPENINGS, items: opens }]),
    ...(rows.length > 0
      ? [
          {
            kind: 'table' as const,
            heading: 'What would change',
            columns: ['node', 'steps', 'set live', 'effect'],
            rows,
          },
        ]
      : []),
    ...(rows.length + items.length > 0
      ? []
      : [{ kind: 'text' as const, text: 'Nothing to do: the nodes already match.' }]),
  ];
}

/** Each code once, with what it means. */
function codeItems(said: readonly { code: Code }[], tone: ListItem['tone']): readonly ListItem[] {
  const codes = [...new Set(said.map(({ code }) => code))];
  return codes.map((code) => ({ tone, text: `${CODES[code].meaning} (${code})` }));
}
