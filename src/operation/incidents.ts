import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Goal } from '../domain/goal.ts';
import { lookAfterRun, nextLook, type Incident, type LastLook } from '../domain/health/last-look.ts';
import type { OperationPorts } from './run.ts';

type Ports = Pick<OperationPorts, 'looks' | 'clock'>;

/** Compares the nodes with the last look, and remembers them. A failing memory hides no facts. */
export async function rememberLook(
  { cluster }: DesiredCluster,
  observed: readonly NodeFacts[],
  { looks, clock }: Ports,
): Promise<LastLook> {
  if (!looks) return { nodes: {}, incidents: [] };
  const last = await looks.lastLook(cluster).catch(() => null);
  const next = nextLook(last, observed, clock.now().toISOString());
  await looks.keepLook(cluster, next).catch(() => {});
  return next;
}

/** What a run did to the nodes is no incident. */
export async function rememberRun(
  { cluster }: DesiredCluster,
  observed: readonly NodeFacts[],
  { looks, clock }: Ports,
): Promise<void> {
  if (!looks) return;
  const last = await looks.lastLook(cluster).catch(() => null);
  await looks.keepLook(cluster, lookAfterRun(last, observed, clock.now().toISOString())).catch(() => {});
}

/** Returns what was acknowledged. @throws what reading or writing the memory throws. */
export async function acknowledgeIncidents(
  cluster: string,
  { looks }: Pick<Ports, 'looks'>,
): Promise<readonly Incident[]> {
  const last = await looks?.lastLook(cluster);
  if (!looks || !last) return [];
  await looks.keepLook(cluster, { ...last, incidents: [] });
  return last.incidents;
}

/** What is remembered of the nodes, for a goal that reckons with it. */
export async function lastLookFor(
  goal: Goal,
  { cluster }: DesiredCluster,
  { looks }: Pick<Ports, 'looks'>,
): Promise<LastLook | null> {
  if (goal.kind !== 'failover' || !looks) return null;
  return looks.lastLook(cluster).catch(() => null);
}
