/** The result of an approval’s expiry. `expired`: undecided, and nobody can decide any more. */
export type Expiry = 'expired' | 'waiting' | 'decided' | 'unknown';

/**
 * The result of a click. `stale`: a different plan is waiting now. `stopped`: the run was stopped. `ended`: the run is
 * over.
 */
export type SpentApproval = 'spent' | 'already-spent' | 'expired' | 'stale' | 'stopped' | 'ended' | 'unknown';
