import { clustersOf, policyOfCluster } from '../src/desired/read-rules.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { didYouMean } from '../src/domain/nearest.ts';
import { historyReport } from '../src/report/history-report.ts';
import type { ConfigSource } from '../src/ports.ts';
import type { Command, CommandPorts, CommandRequest } from './command.ts';
import { checkReader } from './permission.ts';
import { noOperands } from './read-text.ts';

const usage = '/redis history [CLUSTER]';
const SHOWN = 20;

export const history: Command = {
  name: 'history',
  usage,
  summary: 'The last runs, with who asked and how they ended',
  ofCluster: true,
  async run(request, ports) {
    noOperands(request.operands, usage);
    const source = await ports.source(null);
    const clusters = await readable(await chosen(request.cluster, source), source, request, ports);
    const runs = await Promise.all(clusters.map((name) => ports.store.runs(name, SHOWN)));
    const newestFirst = runs.flat().toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    return historyReport(newestFirst.slice(0, SHOWN));
  },
};

/** All of the repository’s clusters where none is named. */
async function chosen(cluster: string | undefined, source: ConfigSource): Promise<readonly string[]> {
  const clusters = await clustersOf(source);
  if (cluster === undefined) return clusters;
  if (clusters.includes(cluster)) return [cluster];
  throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster “${cluster}”.${didYouMean(cluster, clusters)}`, {
    hint: `The repository has: ${clusters.join(', ')}.`,
  });
}

/** Those of the clusters that the person may read. @throws NOT_ALLOWED where it is none of them. */
async function readable(
  clusters: readonly string[],
  source: ConfigSource,
  request: CommandRequest,
  ports: CommandPorts,
): Promise<readonly string[]> {
  const owners = await Promise.all(clusters.map((cluster) => policyOfCluster(source, cluster)));
  const checks = await Promise.allSettled(owners.map((owner) => checkReader(request, owner, ports)));
  const allowed = clusters.filter((_, index) => checks[index]?.status === 'fulfilled');
  const refused = checks.find((check) => check.status === 'rejected');
  if (allowed.length === 0 && refused) throw refused.reason;
  return allowed;
}
