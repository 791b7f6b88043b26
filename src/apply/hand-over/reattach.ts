import { RedisopsError } from '../../domain/error.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import { isUntouchedCopy } from '../../domain/replication/history.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { awaitCondition } from '../node/await-condition.ts';
import { stateOf } from '../node/redis-on.ts';
import { readState } from '../node/replication-state.ts';
import type { Step } from '../node/step.ts';
import { watchLink } from '../synchronize/await-link.ts';

const EVERY_MS = 50;

/**
 * A worker that died between the promotion and the demotion left two masters. The promoted one took no write: it
 * becomes a replica again before the role is handed over once more. One that did take a write is left to the guard.
 */
export async function reattach(candidate: RedisLink, its: Step, { node, ...step }: Step): Promise<void> {
  const promoted = await readState(candidate);
  if (promoted.role !== 'master' || !isUntouchedCopy(promoted, await stateOf(node, step))) return;
  const { host, port } = endpointOf(node);
  const watch = watchLink({ host, port }, its);
  await watch.begun;
  await candidate.command('REPLICAOF', host, String(port));
  await watch.synchronized();
  await awaitCondition(
    async () => {
      const { replicas } = await stateOf(node, step);
      const listed = step.identities.listedAs(its.node.name, replicas, node.name);
      return listed?.state === 'online' ? { done: true, value: true } : { done: false, progress: '' };
    },
    {
      everyMs: EVERY_MS,
      limitMs: step.desired.limits.standstillMs,
      clock: step.clock,
      stop: step.stopUntouched,
      givenUp: () =>
        new RedisopsError('HANDOVER_REFUSED', `${node.name} does not list ${its.node.name} as online.`, {
          hint: `${node.name} is still the master. Check the replica, then run again.`,
        }),
    },
  );
}
