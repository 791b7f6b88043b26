import type { ResetSentinel } from '../../domain/action.ts';
import { hostsOf } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { endpointOf, sameEndpoint } from '../../domain/replication/endpoint.ts';
import { isDown, type SentinelMaster } from '../../domain/sentinel/replies.ts';
import { stateOf } from '../node/redis-on.ts';
import type { SentinelStep } from '../node/step.ts';
import { awaitKnown } from './known.ts';
import { lookAtSentinel, withSentinel } from './sentinel-link.ts';

/** Sentinel asks the master for its replicas every 10 s. */
const INFO_PERIOD_MS = 10_000;

/**
 * SENTINEL RESET on one Sentinel, only while nothing needs its vote: the master serves with all its replicas, and every
 * other Sentinel watches it. Waits until it knows them all again, and at least one INFO period.
 * @throws STALE_PLAN where that is not so.
 */
export async function resetSentinel(action: ResetSentinel, step: SentinelStep): Promise<boolean> {
  const own = (await lookAtSentinel(step.node, step))?.master ?? null;
  if (!own) throw notNow(`the Sentinel on ${action.node} does not watch the cluster`);
  if (!action.ghosts.some((ghost) => entriesOf(own).includes(ghost))) return false;
  await refuse(action, step, own);
  await withSentinel(step.node, step, (link) => link.command('SENTINEL', 'RESET', action.masterName));
  await awaitKnown(action, step, INFO_PERIOD_MS);
  return true;
}

function entriesOf({ replicas, peers }: SentinelMaster): readonly string[] {
  return [
    ...replicas.map(({ host, port }) => `replica ${host}:${port}`),
    ...peers.map(({ host, port }) => `Sentinel ${host}:${port}`),
  ];
}

async function refuse({ node, master, replicas }: ResetSentinel, step: SentinelStep, own: SentinelMaster) {
  if (!isCalm(own)) throw notNow(`the Sentinel on ${node} has the master as ${[...own.flags].join(', ')}`);
  const server = step.desired.nodes.find((each) => sameEndpoint(endpointOf(each), master));
  const state = server ? await stateOf(server, step) : null;
  if (state?.role !== 'master' || state.replicas.length < replicas)
    throw notNow(`${master.host}:${master.port} does not serve as the master of ${replicas} replicas`);
  const others = hostsOf(step.desired).filter(({ name, sentinel }) => sentinel && name !== node);
  for (const other of others) {
    const seen = (await lookAtSentinel(other, step))?.master;
    if (!seen || !isCalm(seen) || !sameEndpoint(seen, own))
      throw notNow(`the Sentinel on ${other.name} does not watch the same master, or calls it down`);
  }
}

function isCalm({ flags }: SentinelMaster): boolean {
  return !isDown(flags) && !flags.has('failover_in_progress');
}

function notNow(why: string): RedisopsError {
  return new RedisopsError('STALE_PLAN', `SENTINEL RESET was not sent: ${why}.`, {
    hint: 'A Sentinel that is reset has no vote for seconds. Make the cluster healthy first, then plan again.',
  });
}
