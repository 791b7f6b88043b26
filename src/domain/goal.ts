/** What is wanted. */
export type Goal = ConvergeGoal | RollbackGoal | ResyncGoal | PurgeGoal;

/** Make the nodes as Git asks. */
export interface ConvergeGoal {
  kind: 'converge';
}

/** Make the nodes as an earlier commit asked. */
export interface RollbackGoal {
  kind: 'rollback';
  /** The commit. */
  revision: string;
}

/** Make one replica take up its master’s data again, with the least harm that does it. */
export interface ResyncGoal {
  kind: 'resync';
  node: string;
}

/** Remove what persistence left on disk and no running Redis uses: of one node, or of all. */
export interface PurgeGoal {
  kind: 'purge';
  node?: string | undefined;
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
  }
}

/** The command that asks for it, on the command line and in chat. */
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
  }
}
