import { refusedWrites } from '../domain/health/refused-writes.ts';
import type { Rule } from './rule.ts';

/** Full memory, or too few replicas. Disks have rules of their own. */
export const refusedByLimits: Rule = ({ name, redis }) => {
  if (redis.state !== 'up') return [];
  return refusedWrites(redis)
    .filter(({ reply }) => reply !== 'MISCONF')
    .map(({ reply, why, hint }) => ({
      id: 'WRITES_REFUSED',
      node: name,
      cause: `${reply}: ${name} ${why}`,
      evidence: ['INFO and CONFIG GET of the master'],
      byHand: hint,
    }));
};
