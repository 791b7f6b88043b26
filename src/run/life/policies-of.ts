import { readPolicy } from '../../desired/questions.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Policy } from '../../domain/run/policy.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import type { RunPorts } from '../ports.ts';

/**
 * The rules a run must satisfy, all of them: those at the branch’s head, so that a removed approver cannot approve; for
 * a merge also those at its base, so that a pull request cannot name its own approvers. A new cluster has only the
 * head’s rules.
 * @throws UNKNOWN_CLUSTER, and what reading redisops.yml throws.
 */
export async function policiesOf(
  { cluster, base }: Pick<RunRecord, 'cluster' | 'base'>,
  ports: Pick<RunPorts, 'source'>,
): Promise<readonly Policy[]> {
  const head = await readPolicy(await ports.source(null), cluster);
  if (!head)
    throw new RedisopsError('UNKNOWN_CLUSTER', `The branch head no longer has a cluster ${cluster}.`, {
      hint: 'Nothing can be done for it from here.',
    });
  const before = base === undefined ? null : await readPolicy(await ports.source(base), cluster);
  return before ? [before, head] : [head];
}
