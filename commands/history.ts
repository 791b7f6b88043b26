import { policyOfCluster } from '../src/desired/questions.ts';
import { historyReport } from '../src/report/run/history-report.ts';
import { ParsedSource } from '../src/desired/source/parsed-source.ts';
import { audited } from '../src/run/audited.ts';
import type { Repository } from '../src/run/repositories/repository.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { attemptOf } from '../src/chat/gate.ts';
import { checkReader, type Owner } from '../src/chat/permission.ts';
import { noOperands } from '../src/chat/read-text.ts';
import type { ConfigSource } from '../src/ports/git.ts';

const usage = '/redis history [CLUSTER]';
const SHOWN = 20;

export const history: Command = {
  name: 'history',
  usage,
  summary: 'The last runs, with who asked and how they ended',
  ofCluster: true,
  everywhere: true,
  async run(request, ports) {
    noOperands(request.operands, usage);
    const owners = await chosen(request.cluster, ports);
    const clusters = await audited(attemptOf('history', request), ports, () => readable(owners, request, ports));
    const found = await Promise.all(clusters.map((name) => ports.store.history(name, SHOWN)));
    const runs = found.flatMap((each) => each.runs).toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    return historyReport({ runs: runs.slice(0, SHOWN), unreadable: found.flatMap((each) => each.unreadable) });
  },
};

/** All clusters of all repositories if none is named. */
async function chosen(cluster: string | undefined, ports: CommandPorts): Promise<readonly Owner[]> {
  if (cluster !== undefined) return [await policyOfCluster(await ports.source(null), cluster)];
  const { repositories } = ports;
  const heads = new Map<Repository, Promise<ConfigSource>>();
  const headOf = (repository: Repository): Promise<ConfigSource> => {
    const head = heads.get(repository) ?? repository.source(null).then((source) => ParsedSource.of(source));
    heads.set(repository, head);
    return head;
  };
  const clusters = await repositories.clusters();
  return Promise.all(clusters.map(async (name) => policyOfCluster(await headOf(await repositories.of(name)), name)));
}

/** The clusters the person may read. @throws NOT_ALLOWED if there are none. */
async function readable(
  owners: readonly Owner[],
  request: CommandRequest,
  ports: CommandPorts,
): Promise<readonly string[]> {
  const checks = await Promise.allSettled(owners.map((owner) => checkReader(request, owner, ports)));
  const allowed = owners.filter((_, index) => checks[index]?.status === 'fulfilled');
  const rejected = checks.find((check) => check.status === 'rejected');
  if (allowed.length === 0 && rejected) throw rejected.reason;
  return allowed.map(({ cluster }) => cluster);
}
