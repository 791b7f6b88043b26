import { addressesOf, clustersWith, readPolicy } from '../../desired/questions.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { Policy } from '../../domain/run/policy.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { secretsOf } from '../../operation/look.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { RunPorts } from '../ports.ts';

type RulesRun = Pick<RunRecord, 'cluster' | 'base'> & Partial<Pick<RunRecord, 'revision'>>;
type PolicyPorts = Pick<RunPorts, 'source' | 'vaultPassword'>;

/**
 * The rules a run must satisfy, all of them: those at the branch’s head, so that a removed approver cannot approve; for
 * a merge also those at its base, so that a pull request cannot name its own approvers. A merge that gives the cluster a
 * host, even a new or renamed cluster, also needs the base rules of every cluster that has the host there, or may have
 * it.
 * @throws UNKNOWN_CLUSTER, and what reading redisops.yml throws.
 */
export async function policiesOf(run: RulesRun, ports: PolicyPorts): Promise<readonly Policy[]> {
  const { cluster, base } = run;
  const head = await readPolicy(await ports.source(null), cluster);
  if (!head)
    throw new RedisopsError('UNKNOWN_CLUSTER', `The branch head no longer has a cluster ${cluster}.`, {
      hint: 'Nothing can be done for it from here.',
    });
  if (base === undefined) return [head];
  const before = await ports.source(base);
  const names = [cluster, ...(await holdersOf(run, before, ports))];
  const policies = await Promise.all(names.map((name) => readPolicy(before, name)));
  return [...policies.filter((policy) => policy !== null), head];
}

/** Other clusters at the base with a host that the run’s cluster has now. */
async function holdersOf(
  { cluster, revision = '' }: RulesRun,
  before: ConfigSource,
  ports: PolicyPorts,
): Promise<readonly string[]> {
  const planned = await ports.source(revision === '' ? null : revision);
  const { addresses } = await addressesOf(planned, cluster, secretsOf(ports));
  return clustersWith(before, cluster, addresses, secretsOf(ports));
}
