import type { NodeFacts } from '../domain/facts.ts';
import type { Blocker, Plan } from '../domain/plan.ts';
import type { OperationPorts } from './run.ts';

/** The plan, blocked if the queue’s Redis is a node. Asked again right before a run: a queue may move. */
export async function withQueueGuard(
  plan: Plan,
  observed: readonly NodeFacts[],
  ports: Pick<OperationPorts, 'queueRunId'>,
): Promise<Plan> {
  return { ...plan, blockers: [...(await queueBlockers(observed, ports)), ...plan.blockers] };
}

/** The queue’s Redis must be none of the nodes: a hand-over would take it from the run that does it. */
export async function queueBlockers(
  observed: readonly NodeFacts[],
  { queueRunId }: Pick<OperationPorts, 'queueRunId'>,
): Promise<readonly Blocker[]> {
  const runId = await queueRunId?.().catch(() => null);
  const node = observed.find((facts) => facts.reachable && facts.redis.state === 'up' && facts.redis.runId === runId);
  if (!node) return [];
  return [
    {
      code: 'QUEUE_ON_NODE',
      node: node.name,
      message: `redisops keeps its queue in the Redis on ${node.name}, which is one of the nodes it changes.`,
      hint: 'Give redisops a Redis of its own: unset QUEUE_REDIS_URL, or set another one. Then restart redisops.',
    },
  ];
}
