import type { DesiredNode } from '../../domain/desired.ts';
import type { ReachableNode } from '../../domain/facts.ts';
import { settingDifferences } from '../../domain/sentinel/differences.ts';
import type { Difference } from './file-drift.ts';

/** Settings of a host’s Sentinel that are not Git’s. What Sentinel writes itself is no drift. */
export function sentinelSettingDrift(
  { sentinel: wanted }: DesiredNode,
  { sentinel }: ReachableNode,
): readonly Difference[] {
  const present = sentinel?.file.content;
  if (!wanted || !present) return [];
  return settingDifferences(wanted.file.content, present).map(({ master, setting, from, to }) => ({
    subject: master === null ? `${setting} of Sentinel` : `sentinel ${setting} ${master}`,
    git: to ?? 'not set',
    actual: from ?? 'not set',
  }));
}

/** Whether a Sentinel that Git asks for runs, and starts at boot. */
export function sentinelUnitDrift(
  { sentinel: wanted }: DesiredNode,
  { sentinel }: ReachableNode,
): readonly Difference[] {
  if (!wanted || !sentinel) return [];
  const { activeState, unitFileState } = sentinel.unit;
  return [
    ...(activeState === 'active' ? [] : [{ subject: wanted.unit, git: 'active', actual: activeState }]),
    ...(unitFileState === 'enabled'
      ? []
      : [{ subject: `${wanted.unit} at boot`, git: 'enabled', actual: unitFileState || 'unknown to systemd' }]),
  ];
}
