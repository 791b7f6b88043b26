import { openingsIn, type Plan } from '../../domain/plan.ts';
import type { ListItem, Section } from '../../domain/report.ts';
import { byNodes } from './by-nodes.ts';
import { about } from './verdict-text.ts';

export const OPENINGS = 'What opens';

/** Whom the plan lets in, and what it lets them do. */
export function openingSection(plan: Plan): Section[] {
  const found = openingsIn(plan).map(({ node, opening }) => ({ node, ...opening }));
  if (found.length === 0) return [];
  const items = byNodes(found).map(({ node, code, message }): ListItem => {
    return { tone: 'warning', text: `${about(node, message)} (${code})` };
  });
  return [{ kind: 'list', heading: OPENINGS, items }];
}
