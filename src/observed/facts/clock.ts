import type { Preflight } from '../../domain/facts.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** The node’s clock, in milliseconds since 1970. */
export const clockFact: Fact<number | null> = {
  exports: ['now'],
  script: fragment`
now=$(date +%s.%N)
printf '%s\n' "$now"`,
  parse(stdout) {
    const found = /^\d{9,11}\.\d+$/.exec(stdout.trim());
    return found ? Number(found[0]) * 1000 : null;
  },
};

/** The node read its clock between our question and its answer. */
export function clockOf(node: number | null, askedMs: number, answeredMs: number): Preflight['clock'] {
  return node === null ? null : { leastAheadMs: node - answeredMs, mostAheadMs: node - askedMs };
}
