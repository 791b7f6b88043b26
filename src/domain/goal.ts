import { minuteOf } from './text/minute.ts';

/** What a run is to achieve. */
export type Goal =
  | ConvergeGoal
  | RollbackGoal
  | ResyncGoal
  | PurgeGoal
  | FailoverGoal
  | PauseGoal
  | ResumeGoal
  | DrainGoal
  | UndrainGoal
  | DrillGoal;

/** Make the nodes match Git. */
export interface ConvergeGoal {
  kind: 'converge';
}

/** Make the nodes match an earlier commit. */
export interface RollbackGoal {
  kind: 'rollback';
  revision: string;
}

/** Make one replica load its master’s data again, in the least disruptive way that works. */
export interface ResyncGoal {
  kind: 'resync';
  node: string;
}

/** Remove persistence files that no running Redis uses, on one node or all. */
export interface PurgeGoal {
  kind: 'purge';
  node?: string | undefined;
}

/** Move the master’s role to another node, for good. */
export interface FailoverGoal {
  kind: 'failover';
  mode: FailoverMode;
  /** The next master; default: the best candidate. */
  node?: string | undefined;
}

/**
 * `planned`: the master hands its role over, and no write is lost. `lost-master`: the master is dead, and what only it
 * had is lost. `accept-history`: the nodes have no single master, and a person decides whose data counts.
 */
export type FailoverMode = 'planned' | 'lost-master' | 'accept-history';

/** Hold automatic failover until then. */
export interface PauseGoal {
  kind: 'pause';
  /** ISO 8601. */
  until: string;
  reason: string;
  /** Who asked, for people who see the pause. */
  by: string;
}

/** End a pause before its time. */
export interface ResumeGoal {
  kind: 'resume';
}

/** Prepare a host for a reboot: its role goes elsewhere, and it takes none. */
export interface DrainGoal {
  kind: 'drain';
  node: string;
  /** ISO 8601. */
  at: string;
  by: string;
}

/** Let a drained host take a role again. */
export interface UndrainGoal {
  kind: 'undrain';
  node: string;
}

/** Rehearse a planned switchover, and back, with a writer beside the clients. */
export interface DrillGoal {
  kind: 'drill';
  scenario: 'planned';
}

export function describeGoal(goal: Goal): string {
  switch (goal.kind) {
    case 'converge':
      return 'converge to Git';
    case 'rollback':
      return `roll back to ${goal.revision.slice(0, 12)}`;
    case 'resync':
      return `resync ${goal.node}`;
    case 'purge':
      return goal.node === undefined ? 'purge RDB and AOF remains' : `purge RDB and AOF remains of ${goal.node}`;
    case 'failover':
      return describeFailover(goal);
    case 'pause':
      return `pause automatic failover until ${minuteOf(goal.until)}: ${goal.reason}`;
    case 'resume':
      return 'resume automatic failover';
    case 'drill':
      return 'rehearse a planned switchover';
    case 'drain':
    case 'undrain':
      return `${goal.kind} ${goal.node}`;
  }
}

/** The command that requests the goal, on the command line and in chat. */
export function verbOf(goal: Goal): string {
  switch (goal.kind) {
    case 'converge':
      return 'apply';
    case 'rollback':
      return `rollback ${goal.revision.slice(0, 12)}`;
    case 'resync':
      return `resync ${goal.node}`;
    case 'purge':
      return goal.node === undefined ? 'purge' : `purge ${goal.node}`;
    case 'failover':
      return [goal.kind, goal.mode, goal.node].filter((word) => word !== undefined && word !== 'planned').join(' ');
    case 'pause':
    case 'resume':
      return goal.kind;
    case 'drill':
      return `${goal.kind} ${goal.scenario}`;
    case 'drain':
    case 'undrain':
      return `${goal.kind} ${goal.node}`;
  }
}

function describeFailover({ mode, node }: FailoverGoal): string {
  const to = node === undefined ? '' : ` to ${node}`;
  switch (mode) {
    case 'planned':
      return `fail over${to}`;
    case 'lost-master':
      return `fail over from the lost master${to}`;
    case 'accept-history':
      return `accept the history of ${node ?? 'one node'}`;
  }
}
