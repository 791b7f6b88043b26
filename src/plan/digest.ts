import { createHash } from 'node:crypto';
import type { Plan } from '../domain/plan.ts';
import { canonical } from '../domain/text/canonical.ts';

/**
 * What an approval is bound to: every action, the goal and the topology. Texts of risks are not included, nor are
 * waits: a synchronization that ends meanwhile does not change the plan.
 */
export function digestOf(plan: Omit<Plan, 'digest' | 'blockers' | 'risks'>): string {
  const { goal, cluster, revision, topology } = plan;
  const acting = plan.waves.map(({ actions }) => actions.filter(({ kind }) => kind !== 'await-link'));
  const waves = acting.filter((actions) => actions.length > 0);
  return createHash('sha256').update(canonical({ goal, cluster, revision, waves, topology })).digest('hex');
}
