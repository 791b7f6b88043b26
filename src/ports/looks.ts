import type { LastLook } from '../domain/health/last-look.ts';
import type { SeenSigns } from '../domain/intrusion/suspicion.ts';

/** What is remembered of the nodes between looks. */
export interface Looks {
  /** Null before the first look, and for a record that this version cannot read. */
  lastLook(cluster: string): Promise<LastLook | null>;
  keepLook(cluster: string, look: LastLook): Promise<void>;
  /** Signs of intrusions. Null before the first, and for a record that this version cannot read. */
  signs(cluster: string): Promise<SeenSigns | null>;
  keepSigns(cluster: string, signs: SeenSigns): Promise<void>;
}
