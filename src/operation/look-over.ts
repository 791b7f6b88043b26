import { judge } from '../diagnose/judge.ts';
import type { DriftLook } from '../domain/drift/drift.ts';
import type { HealthLook } from '../domain/health/health-record.ts';
import { readinessOf } from '../domain/readiness/readiness.ts';
import { driftOf } from '../plan/drift/drift.ts';
import type { ConfigSource } from '../ports/git.ts';
import { look, type LookBack } from './look.ts';
import type { OperationPorts } from './run.ts';

/** What one look at a cluster says of its drift and of its health. */
export interface LookOver {
  drift: DriftLook;
  health: HealthLook;
}

/** Reads Git and the nodes once. Writes nothing to a node. */
export async function lookOver(
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
): Promise<LookOver> {
  const seen = await look(source, cluster, ports);
  return { drift: driftIn(seen), health: healthIn(seen) };
}

/** The differences between the nodes and Git, and why a failover would fail. */
function driftIn({ desired, observed }: LookBack): DriftLook {
  const readiness = readinessOf(desired, observed).map(({ code, nodes, message, cure }) => ({
    code,
    nodes,
    message,
    cure,
  }));
  return { ...driftOf(desired, observed), ...(readiness.length === 0 ? {} : { readiness }) };
}

function healthIn({ desired, observed, incidents }: LookBack): HealthLook {
  const { verdict, reasons } = judge(desired, observed, incidents);
  const lacks = readinessOf(desired, observed).filter(({ isWarning }) => !isWarning);
  return {
    cluster: desired.cluster,
    revision: desired.revision,
    verdict,
    reasons,
    readiness: lacks.map(({ code, nodes, message, cure }) => ({ code, nodes, message, cure })),
  };
}
