import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Finding } from '../domain/finding.ts';
import type { Incident } from '../domain/health/last-look.ts';
import { PASSING } from '../domain/run/passing.ts';
import { emptyDbfilename } from './empty-dbfilename.ts';
import { failedAppend, failedSave } from './failed-save.ts';
import { failedUnit } from './failed-unit.ts';
import { failingSync } from './failing-sync.ts';
import { findingOf, type PlanFor } from './finding-of.ts';
import { hintFor } from '../domain/redis/error-reply.ts';
import { idleUnit } from './idle-unit.ts';
import { intrusionSuspected } from './intrusion.ts';
import { judge } from './judge.ts';
import { narrowBind } from './narrow-bind.ts';
import { passwordNotSet } from './password-not-set.ts';
import { masterPassword } from './master-password.ts';
import { readinessFindings } from '../domain/readiness/findings.ts';
import { readinessOf } from '../domain/readiness/readiness.ts';
import { readOnlyDataDirectory } from './read-only-data-directory.ts';
import { refusedByLimits } from './refused-writes.ts';
import type { Diagnosis, Rule } from './rule.ts';
import { strayProcess } from './stray-process.ts';
import { intrusionsFirst, symptomsOf, warningsOf, withConsequences, withoutRepeats } from './symptoms.ts';

/** Causes before symptoms. */
export const RULES = {
  intrusionSuspected,
  readOnlyDataDirectory,
  emptyDbfilename,
  masterPassword,
  failedSave,
  failedAppend,
  refusedByLimits,
  strayProcess,
  narrowBind,
  failedUnit,
  idleUnit,
  failingSync,
  passwordNotSet,
} satisfies Readonly<Record<string, Rule>>;

/**
 * All findings: causes first, then every reason of the verdict and every blocker of the plan that no cause explains.
 * Empty only if the verdict is healthy and the plan is not blocked.
 */
export function diagnose(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  planFor: PlanFor,
  incidents: readonly Incident[] = [],
): readonly Finding[] {
  const { reasons } = judge(desired, observed, incidents);
  const plan = planFor({ kind: 'converge' });
  const causes = observed
    .flatMap((facts) => causesOn(facts, desired, observed))
    .map((diagnosis) => findingOf(diagnosis, planFor));
  const lacks = readinessFindings(readinessOf(desired, observed), planFor);
  const others = [...lacks, ...symptomsOf(reasons, plan), ...warningsOf(plan)];
  const unexplained = withoutRepeats([...causes, ...others]).filter((finding) => !causes.includes(finding));
  return intrusionsFirst(withConsequences([...causes, ...unexplained]));
}

function causesOn(facts: NodeFacts, desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Diagnosis[] {
  if (!facts.reachable) return [unreadable(facts.name, facts.code, facts.reason, facts.hint)];
  const node = desired.nodes.find(({ name }) => name === facts.name);
  if (!node) return [];
  const unread =
    facts.redis.state === 'unreadable'
      ? [unreadable(facts.name, facts.redis.code, facts.redis.reason, facts.redis.hint ?? hintFor(facts.redis.code))]
      : [];
  return [...unread, ...Object.values(RULES).flatMap((rule) => rule(facts, node, desired, observed))];
}

/** Silence has an unknown cause; a refusal names it. */
function unreadable(node: string, id: Diagnosis['id'], reason: string, hint: string | null = null): Diagnosis {
  return {
    id,
    node,
    severity: PASSING.has(id) ? 'symptom' : 'cause',
    cause: reason,
    evidence: ['the node could not be read'],
    byHand: hint ?? 'Restore access to the node first: its state is unknown.',
  };
}
