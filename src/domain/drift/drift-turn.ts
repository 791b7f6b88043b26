/** A worker’s turn to look for drift. */
export interface DriftTurn {
  token: string;
  /** True for the first look at the cluster. */
  first: boolean;
}
