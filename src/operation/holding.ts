import { holdReached, type NodesHold } from '../apply/host/hold-nodes.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { isEmpty, type Plan } from '../domain/plan.ts';
import { namesOf } from './run-end.ts';
import type { OperationPorts, Run } from './run.ts';

/**
 * Holds every reachable node for this run, so that each node has one writer. An empty plan holds nothing.
 * @throws RUN_IN_PROGRESS, naming the holder.
 */
export async function holdFor(
  plan: Plan,
  desired: DesiredCluster,
  { id, holder }: Pick<Run, 'id' | 'holder'>,
  { nodes, reachMs = 0 }: Pick<OperationPorts, 'nodes' | 'reachMs'>,
): Promise<NodesHold> {
  const lost = new AbortController().signal;
  if (isEmpty(plan)) return { held: new Set(namesOf(desired)), lost, release: () => Promise.resolve() };
  return holdReached(desired, nodes, `${id} by ${holder}`, reachMs);
}

/** The error for a node that came back after the others were held: another run may hold it. Null where there is none. */
export function nodeNotHeld(observed: readonly NodeFacts[], { held }: Pick<NodesHold, 'held'>): RedisopsError | null {
  const back = observed.find(({ name, reachable }) => reachable && !held.has(name));
  if (!back) return null;
  return new RedisopsError('SSH_UNREACHABLE', `${back.name} was unreachable when this run took the nodes.`, {
    hint: 'It is reachable now: run again.',
  });
}
