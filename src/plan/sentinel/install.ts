import type { Action } from '../../domain/action.ts';
import type { DesiredSentinel } from '../../domain/desired.ts';
import type { SentinelFacts } from '../../domain/sentinel/facts.ts';

/** Debian’s package starts its unit at once, with a file that monitors 127.0.0.1: it is masked meanwhile. */
export function installSentinel(
  node: string,
  { packageName, unit }: DesiredSentinel,
  facts: SentinelFacts,
): readonly Action[] {
  if (facts.unit.loadState !== 'not-found') return [];
  return [
    {
      kind: 'install-package',
      node,
      summary: `Install ${packageName}`,
      disruptive: false,
      reason: 'It is not installed.',
      packageName,
      unit,
    },
  ];
}
