import type { Risk } from '../../domain/plan.ts';
import { refusedWrites } from '../../domain/health/refused-writes.ts';
import type { Pair } from '../roles/topology.ts';

/** A master that takes no writes: a run cannot prove by a write that it works. */
export function refusedWriteRisks(pairs: readonly Pair[]): readonly Risk[] {
  return pairs.flatMap(({ desired: { name }, redis }) =>
    (redis ? refusedWrites(redis) : []).map(({ why, hint }): Risk => ({
      code: 'WRITES_REFUSED',
      node: name,
      message: `${name} ${why} ${hint}`,
    })),
  );
}
