import type { Action } from '../../domain/action.ts';
import type { NodeFacts, RedisUp } from '../../domain/facts.ts';
import { actionsOf, type Plan } from '../../domain/plan.ts';
import type { Section } from '../../domain/report.ts';
import { bytes, DASH, duration } from '../text/format.ts';

/** Assumed rate of a full synchronization: a network of 1 Gbit/s. */
const BYTES_PER_SECOND = 100_000_000;

/** Full synchronizations with bytes and seconds, restarts, and the length of write pauses. Empty for a blocked plan. */
export function riskFigures(plan: Plan, observed: readonly NodeFacts[]): readonly Section[] {
  const actions = actionsOf(plan);
  const size = upOf(observed, plan.topology.master)?.usedMemoryBytes ?? null;
  const linked = new Set(actions.flatMap(({ kind, node }) => (kind === 'await-link' ? [node] : [])));
  const rows: (readonly string[])[] = [];
  // The role moves during the plan.
  let master = plan.topology.master;
  for (const action of actions) {
    const { node } = action;
    const isMaster = node === master;
    const row = rowOf(action, { before: upOf(observed, node), isMaster, linksUp: linked.has(node), bytes: size });
    if (row) rows.push(row);
    if (action.kind === 'hand-over') master = action.to.name;
    if (action.kind === 'promote') master = action.node;
  }
  if (rows.length === 0) {
    if (plan.blockers.length > 0) return [];
    const text = 'No full synchronization, no restart, no write held back.';
    return [{ kind: 'text', heading: 'Risk in figures', text }];
  }
  const columns = ['node', 'step', 'full synchronization', 'bytes', 'seconds at 1 Gbit/s', 'writes held back'];
  return [{ kind: 'table', heading: 'Risk in figures', columns, rows }];
}

interface Occasion {
  /** The node before the plan. */
  before: RedisUp | null;
  /** Whether it is the master when its step begins. */
  isMaster: boolean;
  /** Whether it must reconnect afterwards. */
  linksUp: boolean;
  /** The master’s data in memory, in bytes; null if there is no master. */
  bytes: number | null;
}

const PERHAPS = 'only if the backlog is too short';

function rowOf(action: Action, { before, isMaster, linksUp, bytes: size }: Occasion): readonly string[] | null {
  const row = (step: string, full: string, held: string): readonly string[] => {
    if (full === 'no') return [action.node, step, full, DASH, DASH, held];
    if (size === null) return [action.node, step, full, 'the master’s dataset at that time', DASH, held];
    return [action.node, step, full, `up to ${bytes(size)}`, duration((size / BYTES_PER_SECOND) * 1000), held];
  };
  switch (action.kind) {
    case 'restart-unit':
      if (isMaster) return row('restart', 'no', action.data?.kept ? 'while it saves and loads' : 'while it starts');
      return row('restart', keepsPlace(before) ? PERHAPS : 'yes', 'no');
    case 'start-unit':
      return linksUp ? row('start', 'yes', 'no') : null;
    case 'back-up':
      return row('is backed up', 'no', 'no');
    case 'replicate':
      return row('becomes a replica', before?.role === 'replica' ? 'only if histories differ' : 'yes', 'no');
    case 'resync':
      return row('resync', action.mode === 'full' ? 'yes' : PERHAPS, 'no');
    case 'promote':
      return row('becomes the master', 'no', 'no');
    case 'hand-over':
      return row('hands its role over', 'no', action.sentinel ? '0.3 s; 3 s at most' : 'milliseconds; 2.5 s at most');
    case 'install-package':
    case 'stop-stray-process':
    case 'reset-failed':
    case 'make-directory':
    case 'write-file':
    case 'daemon-reload':
    case 'enable-unit':
    case 'config-set':
    case 'await-link':
    case 'move-aside':
    case 'delete-aside':
    case 'set-up-sentinel':
    case 'sentinel-set':
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'pause-failover':
    case 'resume-failover':
    case 'note-drained':
      return null;
  }
}

/** A node that holds data takes a snapshot before it restarts as a replica: it can then continue from there. */
function keepsPlace(redis: RedisUp | null): boolean {
  return redis !== null && redis.keys > 0 && (redis.role === 'master' || redis.master?.up === true);
}

function upOf(observed: readonly NodeFacts[], name: string | null): RedisUp | null {
  const facts = observed.find((node) => node.name === name);
  return facts?.reachable === true && facts.redis.state === 'up' ? facts.redis : null;
}
