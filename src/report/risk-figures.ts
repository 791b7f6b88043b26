import type { Action } from '../domain/action.ts';
import type { NodeFacts, RedisUp } from '../domain/facts.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';
import type { Section } from '../domain/report.ts';
import { bytes, DASH, duration } from './format.ts';

/** What a full synchronisation is reckoned with: a network of 1 Gbit/s. */
const BYTES_PER_SECOND = 100_000_000;

/** Full synchronisations with bytes and seconds, restarts, and for how long writes are held back. Nothing of a plan that
 * was not made for its blockers. */
export function riskFigures(plan: Plan, observed: readonly NodeFacts[]): readonly Section[] {
  const master = upOf(observed, plan.topology.master);
  const rows = actionsOf(plan)
    .map((action) => rowOf(action, upOf(observed, action.node), master))
    .filter((row) => row !== null);
  if (rows.length === 0) {
    if (plan.blockers.length > 0) return [];
    const text = 'No full synchronisation, no restart, no write held back.';
    return [{ kind: 'text', heading: 'Risk in figures', text }];
  }
  const columns = ['node', 'step', 'full synchronisation', 'bytes', 'seconds at 1 Gbit/s', 'writes held back'];
  return [{ kind: 'table', heading: 'Risk in figures', columns, rows }];
}

function rowOf(action: Action, before: RedisUp | null, master: RedisUp | null): readonly string[] | null {
  const row = (step: string, full: string, held: string): readonly string[] => {
    const size = full === 'no' ? 0 : (master?.usedMemoryBytes ?? null);
    const seconds = size === null ? DASH : duration((size / BYTES_PER_SECOND) * 1000);
    return [action.node, step, full, size === null ? 'unknown' : `up to ${bytes(size)}`, seconds, held];
  };
  switch (action.kind) {
    case 'restart-unit':
      if (before?.role === 'master')
        return row('restart', 'no', action.data?.kept ? 'while it saves and loads' : 'while it starts');
      return row('restart', keepsData(before) ? 'only if the backlog does not reach' : 'yes', 'no');
    case 'back-up':
      return row('is backed up', 'no', 'no');
    case 'replicate':
      return row('becomes a replica', before?.role === 'replica' ? 'only if histories differ' : 'yes', 'no');
    case 'resync':
      return row('resync', action.mode === 'full' ? 'yes' : 'only if the backlog does not reach', 'no');
    case 'hand-over':
      return row('hands its role over', 'no', 'milliseconds; 2.5 s at most');
    case 'install-package':
    case 'stop-stray-process':
    case 'reset-failed':
    case 'make-directory':
    case 'write-file':
    case 'daemon-reload':
    case 'enable-unit':
    case 'start-unit':
    case 'config-set':
    case 'await-link':
    case 'move-aside':
    case 'delete-aside':
      return null;
  }
}

/** A replica that saves at its end knows afterwards where it was. */
function keepsData(redis: RedisUp | null): boolean {
  return redis !== null && (redis.configuration.get('save') ?? '') !== '';
}

function upOf(observed: readonly NodeFacts[], name: string | null): RedisUp | null {
  const facts = observed.find((node) => node.name === name);
  return facts?.reachable === true && facts.redis.state === 'up' ? facts.redis : null;
}
