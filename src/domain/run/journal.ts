/** The begin or end of a step. */
export interface JournalEntry {
  /** ISO 8601. */
  at: string;
  step: number;
  node: string;
  action: string;
  state: 'began' | 'ended' | 'failed';
}
