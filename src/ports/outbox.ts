import type { Delivery, KeptNote, Note } from '../domain/chat/note.ts';

/**
 * What runs have to say, kept until it is said: runs wait neither for Slack nor for GitHub, and nothing is lost when
 * they are away or the process dies. All methods fail with QUEUE_FAILED.
 */
export interface Outbox {
  /**
   * Replaces an older note with this purpose. Does nothing if the same was said last, and for what is said once, if it
   * was kept before.
   * @param inMs Due then, so that others can join it.
   */
  keepNote(run: { run: string; cluster: string }, purpose: string, note: Note, inMs?: number): Promise<void>;
  /** A run that has something to say, for one caller until the lease ends. Atomic. Null while nothing is due. */
  takeDelivery(leaseMs: number): Promise<Delivery | null>;
  /** What the run has to say now, in order. */
  notesOf(run: string): Promise<readonly KeptNote[]>;
  /** A newer note of its purpose stays. False if another process has the run by now. */
  markSaid(delivery: Delivery, note: KeptNote): Promise<boolean>;
  /** False if another process has the run by now. */
  renewDelivery(delivery: Delivery, leaseMs: number): Promise<boolean>;
  /** Ends the lease. What is left is due at once, or after a failure in so many milliseconds. */
  endDelivery(delivery: Delivery, retryInMs: number | null): Promise<void>;
  /** Whether the run’s note of this purpose waits to be said. */
  isUnsaid(run: string, purpose: string): Promise<boolean>;
}
