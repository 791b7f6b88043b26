/** Time. A port so that tests need not wait. */
export interface Clock {
  /** The time of day, for people and records. It may jump. */
  now(): Date;
  /** Monotonic milliseconds, for durations and deadlines. */
  elapsed(): number;
  /** Returns early, without an error, once `stop` is aborted. */
  sleep(milliseconds: number, stop?: AbortSignal | null): Promise<void>;
}
