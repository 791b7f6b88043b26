/** A worker’s turn to look for drift. */
export interface DriftTurn {
  token: string;
  /** Nobody ever looked at the cluster. */
  first: boolean;
}
