/** What became of a click. `stale`: a plan other than the one they saw waits now. `stopped`: somebody stopped its run. `ended`: its run is over. */
export type SpentApproval = 'spent' | 'already-spent' | 'expired' | 'stale' | 'stopped' | 'ended' | 'unknown';
