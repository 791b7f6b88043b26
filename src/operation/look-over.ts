import { judge } from '../diagnose/judge.ts';
import type { DriftLook, Unready } from '../domain/drift/drift.ts';
import { rebooting, withoutReboots } from '../domain/health/covered.ts';
import type { HealthLook } from '../domain/health/health-record.ts';
import { readinessOf } from '../domain/readiness/readiness.ts';
import type { Lack } from '../domain/sentinel/lack.ts';
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
  const lacks = readinessOf(seen.desired, seen.observed);
  return { drift: driftIn(seen, lacks), health: healthIn(seen, lacks, ports.clock.now()) };
}

/** The differences between the nodes and Git, and why a failover would fail. */
function driftIn({ desired, observed }: LookBack, lacks: readonly Lack[]): DriftLook {
  return { ...driftOf(desired, observed), ...(lacks.length === 0 ? {} : { readiness: lacks.map(unreadyOf) }) };
}

function healthIn({ desired, observed, incidents, seen }: LookBack, lacks: readonly Lack[], now: Date): HealthLook {
  const { verdict, reasons } = judge(desired, observed, incidents);
  const readiness = lacks.filter(({ isWarning }) => !isWarning).map(unreadyOf);
  const { cluster, revision } = desired;
  return withoutReboots({ cluster, revision, verdict, reasons, readiness }, rebooting(desired, seen, now));
}

function unreadyOf({ code, nodes, message, cure }: Lack): Unready {
  return { code, nodes, message, cure };
}
