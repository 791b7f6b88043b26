/** What is wanted. Later issues add failover and roll back here. */
export type Goal = ConvergeGoal | ResyncGoal | PurgeGoal;

/** Make the nodes as Git asks. */
export interface ConvergeGoal {
  kind: 'converge';
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
    case 'resync':
      return `resync ${goal.node}`;
    case 'purge':
      return goal.node === undefined ? 'purge RDB and AOF remains' : `purge RDB and AOF remains of ${goal.node}`;
  }
}
