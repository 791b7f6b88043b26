import { readPolicy } from '../../desired/questions.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Policy } from '../../domain/run/policy.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import type { RunPorts } from '../ports.ts';

/**
 * What a run must satisfy, all of it. The branch’s head, as it is now: who is no approver any more, is
 * none. For a merge also what stood there before it: a pull request does not say who approves it. A cluster that was not
 * there before has the head’s rules alone.
 * @throws what reading redisops.yml throws, UNKNOWN_CLUSTER.
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
