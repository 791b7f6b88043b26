/** How long writes were refused or held back, in milliseconds; null if that was not measured or has not ended. */
export interface Outage {
  /** For clients that follow the master’s role. */
  following: number | null;
  /** For clients with the fixed address of the master before the run. */
  fixed: number | null;
}
