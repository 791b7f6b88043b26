/** What is wanted. Later issues add failover, purge and roll back here. */
export type Goal = ConvergeGoal | ResyncGoal;

/** Make the nodes as Git asks. */
export interface ConvergeGoal {
  kind: 'converge';
}

/** Make one replica take up its master’s data again, with the least harm that does it. */
export interface ResyncGoal {
  kind: 'resync';
  node: string;
}

export function describeGoal(goal: Goal): string {
  switch (goal.kind) {
    case 'converge':
      return 'converge to Git';
    case 'resync':
      return `resync ${goal.node}`;
  }
}
