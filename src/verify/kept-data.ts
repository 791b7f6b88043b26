import type { NodeFacts, RedisUp } from '../domain/facts.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';

/**
 * The error if the master lost its data during the run, which a look at the present cannot show: an empty master with
 * replicas in sync looks healthy. Null if the data is complete, or there was none before.
 */
export function lostData(plan: Plan, before: readonly NodeFacts[], after: readonly NodeFacts[]): string | null {
  const { master } = plan.topology;
  const had = redisOf(master, before);
  const has = redisOf(master, after);
  if (!had || !has || had.keys === 0 || has.keys >= had.keys) return null;
  const figures = `${had.keys} keys before the run and ${has.keys} after`;
  const restarted = actionsOf(plan).some(({ kind, node }) => kind === 'restart-unit' && node === master);
  if (has.runId !== had.runId && !restarted) return `${master} was restarted during the run: ${figures}.`;
  return has.keys === 0 ? `${master} lost its data during the run: ${figures}.` : null;
}

function redisOf(name: string | null, observed: readonly NodeFacts[]): RedisUp | null {
  const facts = observed.find((each) => each.name === name);
  return facts?.reachable && facts.redis.state === 'up' ? facts.redis : null;
}
