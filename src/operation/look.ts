import { readDesired } from '../desired/questions.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { observe } from '../observed/observe.ts';
import type { ConfigSource } from '../ports/git.ts';
import type { OperationPorts } from './run.ts';

/** Git and the nodes, side by side. */
export interface Look {
  desired: DesiredCluster;
  observed: readonly NodeFacts[];
}

/** Reads Git and the nodes. Writes nothing. */
export async function look(source: ConfigSource, cluster: string | undefined, ports: OperationPorts): Promise<Look> {
  const desired = await desiredAndReach(source, cluster, ports);
  return { desired, observed: await observe(desired, ports.nodes) };
}

/** What Git asks, once this machine can reach nodes at all: a mistake here is said once, and not of every node. */
export async function desiredAndReach(
  source: ConfigSource,
  cluster: string | undefined,
  ports: Pick<OperationPorts, 'vaultPassword' | 'nodes'>,
): Promise<DesiredCluster> {
  const [desired] = await Promise.all([desiredOf(source, cluster, ports), ports.nodes.checkHere?.()]);
  return desired;
}

export async function desiredOf(
  source: ConfigSource,
  cluster: string | undefined,
  { vaultPassword }: Pick<OperationPorts, 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(source, {
    ...(cluster === undefined ? {} : { cluster }),
    ...(vaultPassword ? { vaultPassword } : {}),
  });
}
