import type { SetUpSentinel } from '../../domain/action.ts';
import type { DesiredSentinel } from '../../domain/desired.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { saidDifference, type SettingDifference } from '../../domain/sentinel/differences.ts';
import type { SentinelFacts } from '../../domain/sentinel/facts.ts';

interface Place {
  master: Endpoint;
  /** Number of other Sentinels that run by then. */
  others: number;
  replicas: number;
  /** The file watches the cluster already: what Sentinel wrote there stays. */
  keepsState: boolean;
  differences: readonly SettingDifference[];
}

/** Writes sentinel.conf and starts Sentinel with it. */
export function setUpSentinel(
  node: string,
  { unit, port, masterName, file: { path } }: DesiredSentinel,
  { process, file }: SentinelFacts,
  { keepsState, differences, ...place }: Place,
): SetUpSentinel {
  const runs = process.state === 'up';
  const verb = keepsState ? 'Change' : file.stat ? 'Replace' : 'Create';
  const isUnchanged = keepsState && differences.length === 0;
  return {
    kind: 'set-up-sentinel',
    node,
    summary: isUnchanged ? `Start ${unit}` : `${verb} ${path} and ${runs ? 'restart' : 'start'} Sentinel`,
    disruptive: false,
    reason: keepsState
      ? `${differences.map(saidDifference).join('; ') || 'Sentinel does not run, or not at boot.'} What Sentinel wrote itself stays.`
      : `It does not watch ${masterName} yet.`,
    unit,
    port,
    path,
    masterName,
    keepsState,
    ...place,
  };
}
