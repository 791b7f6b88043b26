import { sharedHosts } from '../desired/questions.ts';
import type { Blocker, Plan } from '../domain/plan.ts';
import type { ConfigSource } from '../ports/git.ts';
import { secretsOf } from './look.ts';
import type { OperationPorts } from './run.ts';

/** The plan, blocked if another cluster of the repository has one of its hosts. @throws CONFIG_INVALID */
export async function withHostGuard(
  plan: Plan,
  source: ConfigSource,
  ports: Pick<OperationPorts, 'vaultPassword'>,
): Promise<Plan> {
  const shared = await sharedHosts(source, plan.cluster, secretsOf(ports));
  const blockers = shared.map(({ node, message, file, line }): Blocker => {
    const hint = `Remove the host from one of the two clusters. It stands in ${file}:${line}.`;
    return { code: 'CONFIG_INVALID', node, message, hint };
  });
  return blockers.length === 0 ? plan : { ...plan, blockers: [...blockers, ...plan.blockers] };
}
