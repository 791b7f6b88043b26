import type { LastLook } from '../domain/health/last-look.ts';

/** What is remembered of the nodes between looks. */
export interface Looks {
  /** Null before the first look, and for a record that this version cannot read. */
  lastLook(cluster: string): Promise<LastLook | null>;
  keepLook(cluster: string, look: LastLook): Promise<void>;
}
