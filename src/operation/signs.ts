import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { nextSigns } from '../domain/intrusion/suspicion.ts';
import type { OperationPorts } from './run.ts';

/**
 * The nodes with the signs of an intrusion that they show or showed. Signs of this look are remembered. Without a memory,
 * or with one that cannot be read, every sign of this look counts: nothing was acknowledged.
 */
export async function withSigns(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  { looks, clock }: Pick<OperationPorts, 'looks' | 'clock'>,
): Promise<readonly NodeFacts[]> {
  if (!looks) return observed;
  const known = await looks.signs(desired.cluster).catch(() => undefined);
  if (known === undefined) return observed;
  const next = nextSigns(known ?? {}, desired, observed, clock.now().toISOString());
  if (JSON.stringify(next) !== JSON.stringify(known ?? {}))
    await looks.keepSigns(desired.cluster, next).catch(() => {});
  return observed.map((facts) => ({ ...facts, signs: next[facts.name] ?? [] }));
}
