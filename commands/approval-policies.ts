import { readPolicy } from '../src/desired/read-desired.ts';
import { RedisopsError } from '../src/domain/error.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { RunRecord } from '../src/domain/run.ts';
import type { CommandPorts } from './command.ts';

/**
 * What an approval must satisfy, all of it. The branch’s head, as it is at the click: who is no approver any more, is
 * none. For a merge also what stood there before it: a pull request does not say who approves it. A cluster that was not
 * there before has the head’s rules alone.
 * @throws what reading redisops.yml throws, UNKNOWN_CLUSTER.
 */
export async function approvalPolicies(
  { cluster, base }: RunRecord,
  ports: Pick<CommandPorts, 'source'>,
): Promise<readonly Policy[]> {
  const head = await readPolicy(await ports.source(null), cluster);
  if (!head)
    throw new RedisopsError('UNKNOWN_CLUSTER', `The branch’s head has no cluster ${cluster} any more.`, {
      hint: 'Nothing can be approved for it.',
    });
  const before = base === undefined ? null : await readPolicy(await ports.source(base), cluster);
  return before ? [before, head] : [head];
}
