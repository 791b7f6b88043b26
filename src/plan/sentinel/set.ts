import type { SentinelSet } from '../../domain/action.ts';
import type { DesiredSentinel } from '../../domain/desired.ts';
import { saidDifference, type SettingDifference } from '../../domain/sentinel/differences.ts';

/** Settings that a running Sentinel takes: it writes them to its file itself. */
export function sentinelSet(
  node: string,
  { port, masterName }: DesiredSentinel,
  changes: readonly SettingDifference[],
): SentinelSet {
  return {
    kind: 'sentinel-set',
    node,
    summary: `Set ${changes.map(({ setting }) => setting).join(', ')} of Sentinel`,
    disruptive: false,
    reason: `${changes.map(saidDifference).join('; ')}. Live: SENTINEL SET reaches one Sentinel only.`,
    port,
    masterName,
    changes,
  };
}
