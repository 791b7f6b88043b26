import type { Action, HandOver } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Risk } from '../../domain/plan.ts';
import { bytes, duration } from '../../domain/text/figures.ts';
import type { Roles } from '../roles/topology.ts';
import { datasetOf } from '../synchronize/synchronizations.ts';
import { syncFigures } from '../synchronize/sync-figures.ts';

/** What a restart of an empty Redis and two hand-overs took on Debian 12. */
const RESTART_MS = 1000;
/** Under Sentinel: each hand-over waits for the right moment of its INFO polling, and until its failover has ended. */
const SENTINEL_RESTART_MS = 10_000;

/** How long clients are refused while the master’s role is elsewhere, or its node restarts: both kinds of client. */
export function outageRisks(
  actions: readonly Action[],
  { limits }: Pick<DesiredCluster, 'limits'>,
  { master }: Roles,
): readonly Risk[] {
  const name = master?.desired.name;
  const own = actions.filter(({ node }) => node === name);
  const handOver = own.find((action): action is HandOver => action.kind === 'hand-over');
  const moves = handOver !== undefined;
  const restarts = own.some(({ kind }) => kind === 'restart-unit');
  if (!master || name === undefined || (!moves && !restarts)) return [];
  const size = datasetOf(master);
  const leastMs = handOver?.sentinel ? SENTINEL_RESTART_MS : RESTART_MS;
  const mostMs = leastMs + syncFigures(size, limits).load * 1000;
  const load = mostMs < leastMs * 1.5 ? '' : `, up to ${duration(mostMs)} while it loads ${bytes(size)}`;
  const span = `for about ${duration(leastMs)}${load}`;
  const returns = actions.some((action) => action.kind === 'hand-over' && action.to.name === name);
  const fixed = !moves || returns ? span : 'from then on: the role stays elsewhere';
  const following = moves
    ? `wait for ${handOver.sentinel ? 'about 0.3 s' : 'a few milliseconds'}`
    : `are refused ${span}`;
  return [
    {
      code: null,
      node: name,
      message: `Clients that follow the master’s role ${following}. Clients with ${name}’s fixed address are refused ${fixed} (READONLY, then no connection).`,
    },
  ];
}
