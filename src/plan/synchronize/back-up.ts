import type { Action } from '../../domain/action.ts';
import { keyCount } from '../../domain/text/figures.ts';

/** Backs up the keys given up by the next step. */
export function backUp(node: string, keys: number): Action {
  return {
    kind: 'back-up',
    node,
    summary: `Back up its ${keyCount(keys)}`,
    disruptive: false,
    reason: 'The next step removes them. Redis forks for the backup, as for a synchronization.',
    keys,
  };
}
