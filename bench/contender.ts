/** One way to do the work. Each piece of work throws when it did not succeed: what failed is not measured. */
export interface Contender {
  name: ContenderName;
  /** Makes connections and fills caches, for those that keep them. */
  prime(): Promise<void>;
  /** Reads the state of the three nodes. */
  status(): Promise<void>;
  /** Makes the nodes as the repository asks; answers whether anything was changed. */
  apply(): Promise<'changed' | 'unchanged'>;
  /** The same without its verification, where that can be left out. */
  applyUnverified?: () => Promise<'changed' | 'unchanged'>;
  close(): Promise<void>;
}

export type ContenderName = 'ansible' | 'bot' | 'command-line';
