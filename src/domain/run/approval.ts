/** What the end of its time did to an approval. `expired`: nobody decided, and from now on nobody can. */
export type Expiry = 'expired' | 'waiting' | 'decided' | 'unknown';

/** What became of a click. `stale`: a plan other than the one they saw waits now. `stopped`: somebody stopped its run. `ended`: its run is over. */
export type SpentApproval = 'spent' | 'already-spent' | 'expired' | 'stale' | 'stopped' | 'ended' | 'unknown';
