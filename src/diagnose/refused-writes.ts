import { refusedWrites } from '../domain/health/refused-writes.ts';
import type { Rule } from './rule.ts';

/** A full memory, or too few replicas. What disks refuse has rules of its own. */
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
