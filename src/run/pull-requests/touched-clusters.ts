import { CLUSTERS_FILE } from '../../desired/rules/clusters.ts';
import { managedPaths, clustersOf } from '../../desired/questions.ts';
import { underRulesOf } from '../../desired/rules/read-rules.ts';
import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import type { PlanVerdict } from '../../report/plan/pull-request-report.ts';
import type { ConfigSource } from '../../ports/git.ts';

export interface Touched {
  clusters: readonly string[];
  /** Changed paths that any of the clusters reads. */
  changed: readonly string[];
}

/**
 * The clusters affected by a change, by the base’s inventory and, if it may be read, by its own: a new group has files
 * too. Returns the mistakes in the base’s rules if they make this impossible.
 * @param wanted Null for a change that has not been read.
 * @throws GITHUB_FAILED
 */
export async function touchedClusters(
  base: ConfigSource,
  wanted: ConfigSource | null,
  changed: readonly string[],
): Promise<Touched | RedisopsError> {
  const all = await clustersOf(base).catch(asRedisopsError);
  if (all instanceof RedisopsError) {
    if (all.code === 'GITHUB_FAILED') throw all;
    return all;
  }
  const sources = wanted ? [base, underRulesOf(base, wanted)] : [base];
  const managed = await Promise.all(
    all.map(async (cluster) =>
      (await Promise.all(sources.map((source) => managedPaths(source, cluster, changed)))).flat(),
    ),
  );
  return {
    clusters: all.filter((_, at) => (managed[at] ?? []).length > 0),
    changed: [...new Set(managed.flat())],
  };
}

/** The verdict when the base’s rules have mistakes: a pull request that fixes them must not be blocked by them. */
export async function verdictOnRules(
  changed: readonly string[],
  wanted: ConfigSource,
  branch: string,
): Promise<PlanVerdict> {
  const isFixed =
    changed.includes(CLUSTERS_FILE) &&
    (await clustersOf(wanted).then(
      () => true,
      () => false,
    ));
  const where = `redisops.yml of ${branch} has mistakes`;
  if (isFixed) return { conclusion: 'neutral', title: `No plan yet: ${where}, which this pull request fixes` };
  return { conclusion: 'failure', title: `No plan: ${where}` };
}
