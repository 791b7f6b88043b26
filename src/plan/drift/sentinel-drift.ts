import type { DesiredCluster, ClusterHost } from '../../domain/desired.ts';
import type { ReachableNode } from '../../domain/facts.ts';
import { settingDifferences } from '../../domain/sentinel/differences.ts';
import type { Drift, UnreadNode } from '../../domain/drift/drift.ts';
import type { Difference } from './file-drift.ts';

type HasSentinel = Pick<ReachableNode, 'sentinel'>;

/** Settings of a host’s Sentinel that are not Git’s. What Sentinel writes itself is no drift. */
export function sentinelSettingDrift(
  { sentinel: wanted }: ClusterHost,
  { sentinel }: HasSentinel,
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
export function sentinelUnitDrift({ sentinel: wanted }: ClusterHost, { sentinel }: HasSentinel): readonly Difference[] {
  if (!wanted || !sentinel) return [];
  const { activeState, unitFileState } = sentinel.unit;
  return [
    ...(activeState === 'active' ? [] : [{ subject: wanted.unit, git: 'active', actual: activeState }]),
    ...(unitFileState === 'enabled'
      ? []
      : [{ subject: `${wanted.unit} at boot`, git: 'enabled', actual: unitFileState || 'unknown to systemd' }]),
  ];
}

/** Hosts without Redis; none where Git turns Sentinel off, which the plan says. */
export function sentinelHostDrifts({ sentinel, sentinelHosts = [] }: DesiredCluster): readonly Drift[] {
  if (!sentinel) return [];
  return sentinelHosts.flatMap((host): readonly Drift[] => {
    if (!host.facts?.reachable) return [];
    const of = (kind: Drift['kind'], found: readonly Difference[]): readonly Drift[] =>
      found.map((difference) => ({ node: host.name, kind, ...difference, byApply: true }));
    return [...of('unit', sentinelUnitDrift(host, host.facts)), ...of('file', sentinelSettingDrift(host, host.facts))];
  });
}

export function unreadSentinelHosts({ sentinelHosts = [] }: DesiredCluster): readonly UnreadNode[] {
  return sentinelHosts.flatMap(({ name: node, facts }) =>
    facts?.reachable === false ? [{ node, code: facts.code, reason: facts.reason }] : [],
  );
}
