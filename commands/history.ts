import { clustersOf } from '../src/desired/read-desired.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { didYouMean } from '../src/domain/nearest.ts';
import { historyReport } from '../src/report/history-report.ts';
import type { Command, CommandPorts } from './command.ts';
import { noOperands } from './read-text.ts';

const usage = '/redis history';
const SHOWN = 20;

export const history: Command = {
  name: 'history',
  usage,
  summary: 'The last runs, with who asked and how they ended',
  async run({ operands, cluster }, ports) {
    noOperands(operands, usage);
    const clusters = await chosen(cluster, ports);
    const runs = await Promise.all(clusters.map((name) => ports.store.runs(name, SHOWN)));
    const newestFirst = runs.flat().toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    return historyReport(newestFirst.slice(0, SHOWN));
  },
};

/** All of the repository’s clusters where none is named. */
async function chosen(cluster: string | undefined, ports: CommandPorts): Promise<readonly string[]> {
  const clusters = await clustersOf(await ports.source(null));
  if (cluster === undefined) return clusters;
  if (clusters.includes(cluster)) return [cluster];
  throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster “${cluster}”.${didYouMean(cluster, clusters)}`, {
    hint: `The repository has: ${clusters.join(', ')}.`,
  });
}
