/** A way to do the work. Throws if the work failed: failures are not measured. */
export interface Contender {
  name: ContenderName;
  /** Opens connections and fills caches, if it keeps them. */
  prime(): Promise<void>;
  /** Reads the state of the three nodes. */
  status(): Promise<void>;
  /** Makes the nodes match the repository; returns whether anything changed. */
  apply(): Promise<'changed' | 'unchanged'>;
  /** Without verification, if it can be skipped. */
  applyUnverified?: () => Promise<'changed' | 'unchanged'>;
  close(): Promise<void>;
}

export type ContenderName = 'ansible' | 'bot' | 'command-line';
