import { CLUSTERS_FILE } from '../../desired/rules/clusters.ts';
import { clustersOf, refuseSharedHosts } from '../../desired/questions.ts';
import { underRulesOf } from '../../desired/rules/read-rules.ts';
import { asRedisopsError, forPeople, RedisopsError } from '../../domain/error.ts';
import { propose, type OperationPorts } from '../../operation.ts';
import { desiredOf, look, secretsOf } from '../../operation/look.ts';
import { refuseHostsElsewhere, type ElsewherePorts } from '../repositories/hosts-elsewhere.ts';
import { makePlan } from '../../plan/make-plan.ts';
import type { ClusterPlan } from '../../report/plan/pull-request-report.ts';
import { clusterTaken } from '../repositories/cluster-directory.ts';
import { asStranger, changesSecret, foreignVault } from '../repositories/guarded-source.ts';
import type { ConfigSource } from '../../ports/git.ts';
import type { Log } from '../../ports/log.ts';

/** The files of a pull request and of its base branch. */
export interface Versions {
  base: ConfigSource;
  /** The files as the branch would have them. */
  wanted: ConfigSource;
  /** Changed paths that any of the clusters reads. */
  changed: readonly string[];
  /** A stranger’s change: nodes are reached only as the base says. */
  guarded: boolean;
}

export interface PlanPorts extends OperationPorts, Pick<ElsewherePorts, 'source' | 'repositories'> {
  log: Log;
  /** `owner/name` */
  repository: string;
  /** The other repository that owns the cluster; null if none does. */
  takenBy(cluster: string): Promise<string | null>;
}

/** Plans one cluster after the other, to limit load on the nodes. Where planning fails, the result says why. */
export async function planClusters(
  clusters: readonly string[],
  versions: Versions,
  ports: PlanPorts,
): Promise<readonly ClusterPlan[]> {
  const plans: ClusterPlan[] = [];
  const source = underRulesOf(versions.base, versions.wanted);
  if (versions.changed.includes(CLUSTERS_FILE)) {
    const named = await clustersOf(versions.wanted).catch((thrown: unknown) => cause(thrown, ports));
    if (named instanceof RedisopsError) plans.push({ cluster: CLUSTERS_FILE, error: named });
    else
      plans.push(
        ...(await takenOf(
          named.filter((cluster) => !clusters.includes(cluster)),
          ports,
        )),
        ...(await sharedAfter(named, versions, ports)),
      );
  }
  for (const cluster of clusters) {
    const [taken] = await takenOf([cluster], ports);
    if (taken) {
      plans.push(taken);
      continue;
    }
    const planned = await planCluster(cluster, source, versions, ports).catch((thrown: unknown) =>
      cause(thrown, ports),
    );
    plans.push({ cluster, ...(planned instanceof RedisopsError ? { error: planned } : planned) });
  }
  return plans;
}

/** The first host that the merge would give to two clusters: its own redisops.yml counts only here. */
async function sharedAfter(
  named: readonly string[],
  { wanted, guarded }: Versions,
  ports: PlanPorts,
): Promise<readonly ClusterPlan[]> {
  if (guarded) return [];
  for (const cluster of named) {
    const shared = await refuseSharedHosts(wanted, cluster, secretsOf(ports))
      .then(() => refuseHostsElsewhere(wanted, cluster, ports))
      .catch((thrown: unknown) => cause(thrown, ports));
    if (shared) return [{ cluster: CLUSTERS_FILE, error: shared }];
  }
  return [];
}

/** Clusters owned by another repository: the merge would not be applied to them. */
async function takenOf(clusters: readonly string[], ports: PlanPorts): Promise<readonly ClusterPlan[]> {
  const { repository } = ports;
  const owners = await Promise.all(clusters.map((cluster) => ports.takenBy(cluster)));
  return clusters.flatMap((cluster, at) => {
    const owner = owners[at] ?? null;
    return owner === null ? [] : [{ cluster, error: clusterTaken(cluster, repository, owner) }];
  });
}

/** GitHub failures are rethrown: planning is retried. */
function cause(thrown: unknown, { log }: PlanPorts): RedisopsError {
  const error = asRedisopsError(thrown);
  if (error.code === 'GITHUB_FAILED') throw error;
  if (error.code === 'INTERNAL') log.error({ error }, 'a pull request could not be planned by a fault of redisops');
  return forPeople(error);
}

async function planCluster(
  cluster: string,
  source: ConfigSource,
  { base, changed, guarded }: Versions,
  ports: PlanPorts,
) {
  if (!guarded) {
    await refuseHostsElsewhere(source, cluster, ports);
    return propose({ kind: 'converge' }, source, cluster, ports, { before: base });
  }

  const vault = await foreignVault(changed, base, source);
  if (vault !== null) throw notForStrangers(`it adds or changes a vaulted value or a template (${vault})`);
  if (await changesSecret(changed, base, source)) throw notForStrangers('it changes a password or another secret');
  const desired = asStranger(await desiredOf(base, cluster, ports), await desiredOf(source, cluster, ports));
  if (typeof desired === 'string') throw notForStrangers(`it changes ${desired}`);
  const { observed } = await look(base, cluster, ports);
  return { plan: makePlan({ kind: 'converge' }, desired, observed), observed };
}

function notForStrangers(why: string): RedisopsError {
  return new RedisopsError('NOT_ALLOWED', `This fork’s pull request is not planned: ${why}.`, {
    hint: 'Someone with write access can push it to a branch of the repository.',
  });
}
