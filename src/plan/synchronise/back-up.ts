import type { Action } from '../../domain/action.ts';
import { keyCount } from '../../domain/figures.ts';

/** The backup of keys that the next step gives up. */
export function backUp(node: string, keys: number): Action {
  return {
    kind: 'back-up',
    node,
    summary: `Back up its ${keyCount(keys)}`,
    disruptive: false,
    reason: 'They go in the next step. Redis forks for it, as for a synchronisation.',
    keys,
  };
}
