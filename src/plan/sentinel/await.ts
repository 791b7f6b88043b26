import type { AwaitSentinels } from '../../domain/action.ts';

/** The last step: only Sentinels that all see each other can fail over. */
export function awaitSentinels(node: string, count: number): AwaitSentinels {
  return {
    kind: 'await-sentinels',
    node,
    summary: `Wait until ${count} Sentinels agree`,
    disruptive: false,
    reason: 'Each must see all others and every replica, and name the same master; CKQUORUM must say OK.',
    count,
  };
}
