import type { Finding } from '../domain/finding.ts';
import { verbOf, type Goal } from '../domain/goal.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';
import type { Diagnosis } from './rule.ts';

export type PlanFor = (goal: Goal) => Plan;

/** A diagnosis with a remedy that can be carried out. Nothing that a plan refuses, or has no step for, is advised. */
export function findingOf(diagnosis: Diagnosis, planFor: PlanFor): Finding {
  const { id, node, since = null, severity = 'cause', cause, evidence, notBecause = [], fix, byHand } = diagnosis;
  const known = { id, node, nodes: [node], since, severity, cause, evidence, notBecause };
  if (!fix) return { ...known, remedy: byHand, safe: false, fix: null };
  const obstacle = obstacleTo(fix.goal, node, planFor);
  if (obstacle !== null) return { ...known, remedy: `${byHand} ${obstacle}`, safe: false, fix: null };
  return { ...known, remedy: fix.does, safe: fix.safe, fix: fix.goal };
}

function obstacleTo(goal: Goal, node: string, planFor: PlanFor): string | null {
  const plan = planFor(goal);
  const verb = `\`${verbOf(goal)}\``;
  const codes = [...new Set(plan.blockers.map(({ code }) => code))];
  if (codes.length > 0) return `${verb} is blocked: ${codes.join(', ')}.`;
  return actionsOf(plan).some((action) => action.node === node) ? null : `${verb} has no step for this.`;
}
