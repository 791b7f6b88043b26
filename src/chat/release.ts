import type { SeenSigns } from '../domain/intrusion/suspicion.ts';
import type { Policy } from '../domain/run/policy.ts';
import { checkApprover, type Owner, type PermissionPorts } from './permission.ts';
import type { Person } from './person.ts';

const MINUTE = 60_000;

/**
 * Who asked to release the suspected nodes for exactly these signs, no longer ago than an approval lasts; null if that
 * is still to be asked.
 */
export function askedToRelease(shown: SeenSigns, { approvalMinutes }: Policy, now: Date): string | null {
  const asked = Object.values(shown)
    .flat()
    .map((seen) => seen.asked);
  const [first] = asked;
  const isFresh = (at: string): boolean => now.getTime() - Date.parse(at) < approvalMinutes * MINUTE;
  return first && asked.every((each) => each?.by === first.by && isFresh(each.at)) ? first.by : null;
}

/** As for a plan: by a second person, who may approve. @throws NOT_ALLOWED, APPROVAL_OWN */
export async function checkRelease(
  person: Person,
  asker: string,
  { cluster, policy }: Owner,
  ports: Pick<PermissionPorts, 'chat'>,
): Promise<void> {
  const request = { cluster, requester: { from: 'slack', actor: asker } } as const;
  await checkApprover(person, 'approved', request, policy, ports);
}
