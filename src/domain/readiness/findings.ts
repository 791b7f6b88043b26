import type { Finding } from '../finding.ts';
import type { Lack } from '../sentinel/lack.ts';
import { actionsOf, type Plan } from '../plan.ts';
import type { Goal } from '../goal.ts';

/** The step of a plan that ends a lack. */
const CURED_BY: Partial<Record<Lack['code'], string>> = {
  MASTERAUTH_MISSING: 'config-set',
  SENTINEL_MASTERS_DIFFER: 'watch-master',
  SENTINEL_GHOST: 'reset-sentinel',
  SENTINEL_SETTINGS_DIFFER: 'sentinel-set',
  SENTINEL_NOT_RUNNING: 'set-up-sentinel',
  SENTINEL_MONITORS_LOOPBACK: 'set-up-sentinel',
  SENTINEL_AUTH_FAILED: 'sentinel-set',
};

/** What keeps a failover from working, as findings of `doctor`. */
export function readinessFindings(lacks: readonly Lack[], planFor: (goal: Goal) => Plan): readonly Finding[] {
  if (lacks.length === 0) return [];
  const plan = planFor({ kind: 'converge' });
  return lacks.map(({ code, nodes, message, evidence, cure, isWarning }): Finding => {
    const isCured =
      plan.blockers.length === 0 &&
      actionsOf(plan).some(({ kind, node }) => kind === CURED_BY[code] && nodes.includes(node));
    return {
      id: code,
      node: nodes.length === 1 ? (nodes[0] ?? null) : null,
      nodes,
      since: null,
      severity: isWarning ? 'warning' : 'cause',
      cause: `A failover would fail. ${message}`,
      evidence,
      notBecause: [],
      remedy: cure,
      safe: isCured,
      fix: isCured ? { kind: 'converge' } : null,
    };
  });
}
