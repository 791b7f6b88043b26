import { describeGoal } from '../../domain/goal.ts';
import { actionsOf, adoptedFiles, type Plan } from '../../domain/plan.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import { DEEDS, nameOfParticipant } from '../../domain/run/participants.ts';
import type { ApprovalRequest } from '../../domain/run/run.ts';
import { candidateSection } from '../parts/candidates.ts';
import { effectOf, extentOf, isPurge, nodesOf } from '../parts/action-text.ts';
import { openingSection } from '../parts/opening-section.ts';
import { brokenGlassSection } from './broken-glass.ts';
import { count, instant, short } from '../text/format.ts';
import { about } from '../parts/verdict-text.ts';

/** A message edited in place must stay a single message. */
const MOST_ITEMS = 12;

/** What a second person must know before approving; the thread has the whole plan. */
export function approvalReport(request: ApprovalRequest): Report {
  const { run, cluster, plan, requester, expiresAt, breakGlass } = request;
  return {
    title: `${cluster}: ${describeGoal(plan.goal)} needs an approval`,
    tone: 'warning',
    summary: extentOf(plan),
    askedBy: requester,
    sections: [
      ...(breakGlass === undefined ? [] : [brokenGlassSection(breakGlass)]),
      ...openingSection(plan),
      ...disruptiveSection(plan),
      ...adoptionSection(plan),
      ...riskSection(plan),
      ...candidateSection(plan),
      figures(plan),
      ...participantsSection(request),
      {
        kind: 'text',
        text: `Nothing runs before the approval. It covers exactly plan \`${short(plan.digest)}\` and can be given once, until ${instant(expiresAt)}.`,
      },
    ],
    footer: [`Run ${run}`, `Git ${short(plan.revision)}`, `Digest ${plan.digest}`],
  };
}

/** Those besides the requester who cannot approve, so that nobody clicks in vain. */
function participantsSection({ requester: { actor }, participants = [] }: ApprovalRequest): Section[] {
  const others = participants.filter((each) => nameOfParticipant(each) !== actor.toLowerCase());
  if (others.length === 0) return [];
  const names = others.slice(0, MOST_ITEMS).map((each) => `${nameOfParticipant(each)} (${DEEDS[each.did]} it)`);
  const more = others.length > MOST_ITEMS ? `, and ${others.length - MOST_ITEMS} more` : '';
  return [{ kind: 'text', text: `None of those who brought the change can approve it: ${names.join(', ')}${more}.` }];
}

function disruptiveSection(plan: Plan): Section[] {
  const disruptive = actionsOf(plan).filter((action) => action.disruptive);
  if (disruptive.length === 0) return [];
  const items = disruptive.map(({ node, summary, reason }): ListItem => {
    return { tone: 'warning', text: `${about(node, summary)}\n${reason}` };
  });
  const heading = actionsOf(plan).every(isPurge) ? 'What goes' : 'What disturbs service';
  return [{ kind: 'list', heading, items: limited(items) }];
}

function adoptionSection(plan: Plan): Section[] {
  const items = adoptedFiles(plan).map(({ node, summary, reason }): ListItem => {
    return { tone: 'warning', text: `${about(node, summary)}\n${reason}` };
  });
  return items.length === 0 ? [] : [{ kind: 'list', heading: 'What is replaced', items: limited(items) }];
}

function riskSection({ risks }: Plan): Section[] {
  if (risks.length === 0) return [];
  const items = risks.map(({ node, message }): ListItem => ({ tone: 'neutral', text: about(node, message) }));
  return [{ kind: 'list', heading: 'Warnings', items: limited(items) }];
}

function figures(plan: Plan): Section {
  const actions = actionsOf(plan);
  const rows = nodesOf(actions).map((node) => {
    const own = actions.filter((action) => action.node === node);
    const role = plan.topology.nodes.find(({ name }) => name === node)?.role ?? 'unknown';
    const effects = [...new Set(own.map(effectOf).filter((effect) => effect !== null))];
    return [node, role, count(own.length), effects.join('; ') || '–'];
  });
  return {
    kind: 'table',
    heading: 'Nodes',
    columns: ['node', 'role now', 'steps', 'how'],
    rows: rows.slice(0, MOST_ITEMS),
  };
}

function limited(items: readonly ListItem[]): readonly ListItem[] {
  const more = items.length - MOST_ITEMS;
  if (more <= 0) return items;
  return [...items.slice(0, MOST_ITEMS), { tone: 'neutral', text: `and ${more} more; the thread shows all of them` }];
}
