import type { DesiredCluster } from '../../domain/desired.ts';
import type { Policy } from '../../domain/run/policy.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { CLUSTERS_FILE, chooseCluster, driftInterval, readClusters, type ClusterSettings } from './clusters.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** @throws CONFIG_INVALID */
export async function clustersOf(source: ConfigSource): Promise<readonly string[]> {
  return [...(await readClusters(source)).keys()];
}

/**
 * Only the cluster’s permissions; null if the repository has no such cluster.
 * @throws CONFIG_INVALID for mistakes in redisops.yml.
 */
export async function readPolicy(source: ConfigSource, cluster: string): Promise<Policy | null> {
  const settings = (await readClusters(source)).get(cluster);
  return settings ? policyOf(settings) : null;
}

/** How the cluster is watched for drift, its channel and its permissions. */
export interface DriftWatch {
  /** Milliseconds from one look to the next; null for never. */
  everyMs: number | null;
  /** Whether redisops applies Git automatically. */
  apply: boolean;
  policy: Policy;
}

/** Null if the repository has no such cluster. @throws CONFIG_INVALID for mistakes in redisops.yml. */
export async function readDriftWatch(source: ConfigSource, cluster: string): Promise<DriftWatch | null> {
  const settings = (await readClusters(source)).get(cluster);
  return settings
    ? { everyMs: driftInterval(settings), apply: settings.drift.apply, policy: policyOf(settings) }
    : null;
}

/** Whether a merge with an unhealthy result is rolled back automatically. @throws CONFIG_INVALID, UNKNOWN_CLUSTER */
export async function readRollback(source: ConfigSource, cluster: string): Promise<boolean> {
  return chooseCluster(await readClusters(source), cluster).settings.rollback;
}

export type DirectPushes = ClusterSettings['direct_pushes'];

/**
 * What becomes of a push without a pull request; reported where the repository has no such cluster.
 * @param before The commit that the push came upon: a push cannot allow itself.
 * @throws CONFIG_INVALID
 */
export async function readDirectPushes(before: ConfigSource, cluster: string): Promise<DirectPushes> {
  return (await readClusters(before)).get(cluster)?.direct_pushes ?? 'tell';
}

/**
 * The files of one revision under another’s redisops.yml: permissions never come from a pull request’s author, nor from
 * the commit of a rollback.
 */
export function underRulesOf(rules: ConfigSource, files: ConfigSource): ConfigSource {
  return ParsedSource.of({
    revision: files.revision,
    read: (path) => (path === CLUSTERS_FILE ? rules : files).read(path),
    list: (folder) => files.list(folder),
    apart: files.apart,
  });
}

/**
 * A cluster’s permissions. Reads only redisops.yml.
 * @throws CONFIG_INVALID, UNKNOWN_CLUSTER; USAGE if there are several clusters and none was named.
 */
export async function policyOfCluster(
  source: ConfigSource,
  cluster: string | undefined,
): Promise<Pick<DesiredCluster, 'cluster' | 'policy'>> {
  const { name, settings } = chooseCluster(await readClusters(source), cluster);
  return { cluster: name, policy: policyOf(settings) };
}

export function policyOf(settings: ClusterSettings): Policy {
  return {
    ...(settings.channel === undefined ? {} : { channel: settings.channel }),
    requesters: settings.requesters,
    approvers: settings.approvers,
    allowOwnApproval: settings.allow_own_approval,
    approvalMinutes: settings.approval_minutes,
    ...(settings.hand_back ? {} : { handBack: false as const }),
    ...(settings.show_key_names ? { showKeyNames: true as const } : {}),
    ...(settings.may_lose_data.length === 0 ? {} : { mayLoseData: settings.may_lose_data }),
    ...(settings.freeze.length === 0 ? {} : { freeze: settings.freeze }),
    ...(settings.people.size === 0 ? {} : { people: settings.people }),
  };
}
