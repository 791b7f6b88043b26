import type { Plan } from '../../domain/plan.ts';
import type { Section } from '../../domain/report.ts';

/** Of a failover: each node, and whether it could be the master. */
export function candidateSection({ candidates = [] }: Plan): Section[] {
  if (candidates.length === 0) return [];
  const rows = candidates.map(({ node, isCandidate, reasons }) => [
    node,
    isCandidate ? 'yes' : 'no',
    reasons.join('; '),
  ]);
  return [{ kind: 'table', heading: 'Candidates', columns: ['node', 'can take the role', 'why'], rows }];
}
