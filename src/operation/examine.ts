import { diagnose } from '../diagnose/diagnose.ts';
import { whole } from './whole-findings.ts';
import { probeSymptomsOf } from '../diagnose/symptoms.ts';
import { isHealthy, type Finding } from '../domain/finding.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { ConfigSource } from '../ports/git.ts';
import { verify } from '../verify/verify.ts';
import { look } from './look.ts';
import type { OperationPorts } from './run.ts';

export interface Examination {
  cluster: string;
  findings: readonly Finding[];
  /** Whether `verify` wrote its probe key: only if nothing else is wrong. */
  probed: boolean;
}

/**
 * Diagnoses a cluster. Healthy only if status, plan and verify are too.
 * @param mayWrite Whether a probe key may be written if nothing else is wrong.
 */
export async function examine(
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
  mayWrite: boolean,
): Promise<Examination> {
  const { desired, observed, incidents } = await look(source, cluster, ports);
  const found = diagnose(desired, observed, (goal) => makePlan(goal, desired, observed), incidents);
  const findings = whole(found, observed, incidents, ports.clock.now());
  if (!mayWrite || !isHealthy(findings)) return { cluster: desired.cluster, findings, probed: false };
  const { reasons } = await verify(desired, ports.nodes);
  return { cluster: desired.cluster, findings: [...probeSymptomsOf(reasons), ...findings], probed: true };
}
