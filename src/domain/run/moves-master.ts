import type { ActionKind } from '../action.ts';
import type { Goal } from '../goal.ts';

/** Exhaustive: a new kind does not compile until it is listed. */
const MOVES_MASTER: Readonly<Record<ActionKind, boolean>> = {
  'install-package': false,
  'stop-stray-process': false,
  'reset-failed': false,
  'make-directory': false,
  'write-file': false,
  'daemon-reload': false,
  'enable-unit': false,
  'start-unit': false,
  'restart-unit': false,
  'config-set': false,
  'back-up': false,
  replicate: false,
  'await-link': false,
  'hand-over': true,
  promote: true,
  resync: false,
  'move-aside': false,
  'delete-aside': false,
  'set-up-sentinel': false,
  'sentinel-set': false,
  'forget-master': false,
  'watch-master': false,
  'reset-sentinel': false,
  'await-sentinels': false,
  'stop-sentinel': false,
  'pause-failover': false,
  'resume-failover': false,
  'note-drained': false,
};

const MASTER_MOVERS: ReadonlySet<string> = new Set(
  Object.entries(MOVES_MASTER).flatMap(([kind, moves]) => (moves ? [kind] : [])),
);

/**
 * Whether the action moves the master’s role to another node: a run then stops only once every file has the new roles.
 */
export function movesMaster({ kind }: { kind: string }): boolean {
  return MASTER_MOVERS.has(kind);
}

const ROLE_GOALS: ReadonlySet<Goal['kind']> = new Set<Goal['kind']>(['failover', 'drain', 'drill']);

/** Whether the goal moves the master’s role for its own sake, not for a restart. */
export function isAboutRole({ kind }: Goal): boolean {
  return ROLE_GOALS.has(kind);
}
