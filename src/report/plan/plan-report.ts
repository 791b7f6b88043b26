import { byNodes } from '../parts/by-nodes.ts';
import type { Action, ConfigSet, WriteFile } from '../../domain/action.ts';
import { describeGoal } from '../../domain/goal.ts';
import { actionsOf, isDisruptive, type Blocker, type Plan, type Wave } from '../../domain/plan.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import { effectOf, extentOf, isPurge, nodesOf } from '../parts/action-text.ts';
import { openingSection } from '../parts/opening-section.ts';
import { candidateSection } from '../parts/candidates.ts';
import { directiveValue } from '../parts/directive-value.ts';
import { bytes, instant, listed, short } from '../text/format.ts';
import { about } from '../parts/verdict-text.ts';

const MASK = '••••••';
/** Headings that come first. */
export const BLOCKERS = 'Blockers';
export const RISKS = 'Warnings';

/** What would happen, node by node and in order, or what blocks it. */
export function planReport(plan: Plan): Report {
  return {
    title: `${plan.cluster}: plan to ${describeGoal(plan.goal)}`,
    tone: toneOf(plan),
    summary: summaryOf(plan),
    sections: [
      ...blockerSection(plan.blockers),
      ...openingSection(plan),
      ...riskSection(plan),
      ...candidateSection(plan),
      ...plan.waves.flatMap((wave, at) => waveSections(wave, at + 1, plan.waves.length)),
      ...liveSection(actionsOf(plan)),
      ...fileSections(actionsOf(plan)),
      ...diffSections(actionsOf(plan)),
    ],
    footer: [`Plan ${short(plan.digest)}`, `Git ${short(plan.revision)}`, `Digest ${plan.digest}`],
  };
}

function toneOf(plan: Plan): Tone {
  if (plan.blockers.length > 0) return 'warning';
  if (actionsOf(plan).length === 0) return 'good';
  return isDisruptive(plan) ? 'warning' : 'neutral';
}

function summaryOf(plan: Plan): string {
  const nothing = actionsOf(plan).length === 0;
  if (plan.blockers.length > 0)
    return `Blocked: no changes will be made.${nothing ? '' : ` Without the blockers: ${extentOf(plan)}`}`;
  return nothing ? 'Nothing to do: the nodes already match.' : extentOf(plan);
}

function blockerSection(blockers: readonly Blocker[]): Section[] {
  if (blockers.length === 0) return [];
  const items = byNodes(blockers).map(({ code, node, message, hint }): ListItem => {
    return { tone: 'bad', text: `${about(node, message)} (${code})\n${hint}`.trim() };
  });
  return [{ kind: 'list', heading: BLOCKERS, items }];
}

function riskSection({ risks }: Plan): Section[] {
  if (risks.length === 0) return [];
  const items = byNodes(risks).map(({ code, node, message }): ListItem => {
    return { tone: 'warning', text: about(node, message) + (code === null ? '' : ` (${code})`) };
  });
  return [{ kind: 'list', heading: RISKS, items }];
}

/** Nodes of a wave with the same steps are shown together. */
function waveSections(wave: Wave, number: number, of: number): Section[] {
  const groups = new Map<string, { nodes: string[]; items: readonly ListItem[] }>();
  for (const node of nodesOf(wave.actions)) {
    const items = wave.actions.filter((action) => action.node === node).map(actionItem);
    const key = JSON.stringify(items);
    const group = groups.get(key);
    if (group) group.nodes.push(node);
    else groups.set(key, { nodes: [node], items });
  }
  return [...groups.values()].map(({ nodes, items }) => ({
    kind: 'list',
    heading: of === 1 ? listed(nodes) : `${listed(nodes)} (wave ${number} of ${of})`,
    items,
  }));
}

function actionItem(action: Action): ListItem {
  const effect = effectOf(action);
  const what = effect === null ? action.summary : `${action.summary} (${effect})`;
  if (!action.disruptive) return { tone: 'neutral', text: what };
  return { tone: 'warning', text: `${what}\n${isPurge(action) ? '' : 'Disturbs service: '}${action.reason}` };
}

function liveSection(actions: readonly Action[]): Section[] {
  const sets = actions.filter((action): action is ConfigSet => action.kind === 'config-set');
  const rows = sets.flatMap(({ node, changes }) =>
    changes.map(({ directive, from, to, secret }) => [
      node,
      directive,
      ...(secret
        ? [from === '' ? '""' : MASK, MASK]
        : [directiveValue(directive, from), directiveValue(directive, to)]),
    ]),
  );
  if (rows.length === 0) return [];
  return [{ kind: 'table', heading: 'Changed live', columns: ['node', 'directive', 'now', 'wanted'], rows }];
}

/** Every file to be removed: the steps name only the first ones. */
function fileSections(actions: readonly Action[]): Section[] {
  return actions.flatMap((action): Section[] => {
    if (action.kind !== 'delete-aside' || action.files.length === 0) return [];
    const rows = action.files.map((file) => [
      `${action.directory}/${file.path}`,
      bytes(file.bytes),
      instant(new Date(Number(file.modified) * 1000).toISOString()),
    ]);
    return [
      { kind: 'table', heading: `Files to remove on ${action.node}`, columns: ['file', 'size', 'modified'], rows },
    ];
  });
}

/** Nodes with the same diff in the same file are shown together. */
function diffSections(actions: readonly Action[]): Section[] {
  const groups = new Map<string, { nodes: string[]; action: WriteFile; lines: readonly string[] }>();
  for (const action of actions) {
    if (action.kind !== 'write-file' || action.diff.length === 0) continue;
    const lines = action.diff.map(({ sign, text }) => `${sign} ${text}`.trimEnd());
    const key = [action.path, ...lines].join('\n');
    const group = groups.get(key);
    if (group) group.nodes.push(action.node);
    else groups.set(key, { nodes: [action.node], action, lines });
  }
  return [...groups.values()].map(({ nodes, action, lines }) => ({
    kind: 'code',
    heading: `${action.path} on ${listed(nodes)}${action.replaces === null ? ' (new)' : ''}`,
    language: 'diff',
    lines,
  }));
}
