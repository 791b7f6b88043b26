import type { DesiredCluster } from '../domain/desired.ts';
import type { Verification } from '../domain/verification.ts';
import { lookAt } from './look-at.ts';
import type { Clock } from '../ports/clock.ts';
import { realClock } from '../time/real-clock.ts';
import { withEntry } from './verify-entry.ts';
import { verifyReplication } from './verify-replication.ts';
import { verifyStandalone } from './verify-standalone.ts';
import type { Nodes } from '../ports/nodes.ts';

/**
 * Whether the cluster works, from both ends and by a write: a unique key is set on the master, read on every replica,
 * rejected as a write there, and removed; then written and read through the clients’ entry. Never throws for its findings: they are in the reasons.
 */
export async function verify(desired: DesiredCluster, nodes: Nodes, clock: Clock = realClock): Promise<Verification> {
  const looks = await Promise.all(desired.nodes.map((node) => lookAt(node, desired, nodes)));
  try {
    const seen = await (desired.replication
      ? verifyReplication(desired, looks, clock)
      : verifyStandalone(desired, looks));
    return await withEntry(seen, desired, looks, { nodes, clock });
  } finally {
    for (const look of looks) if (look.read) look.link.close();
  }
}
