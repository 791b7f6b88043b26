import { RedisopsError } from '../src/domain/error.ts';
import { shortened } from '../src/chat/read-text.ts';
import { failoverMessage } from '../src/report/cluster/failover-message.ts';
import { pastRunReport } from '../src/report/run/past-run-report.ts';
import { policyOfCluster } from '../src/desired/questions.ts';
import { historyReport } from '../src/report/run/history-report.ts';
import { ParsedSource } from '../src/desired/source/parsed-source.ts';
import { audited } from '../src/run/audited.ts';
import type { Repository } from '../src/run/repositories/repository.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { attemptOf } from '../src/chat/gate.ts';
import { checkReader, type Owner } from '../src/chat/permission.ts';
import type { RunHistory } from '../src/domain/run/run-history.ts';
import { noOperands } from '../src/chat/read-text.ts';
import type { ConfigSource } from '../src/ports/git.ts';

const usage = '/redis history [CLUSTER]';
const runsUsage = '/redis runs [CLUSTER]';
const runUsage = '/redis run show RUN';
const SHOWN = 20;

export const history: Command = {
  name: 'history',
  usage,
  summary: 'The last runs and failovers, with who asked, why, and how they ended',
  ofCluster: true,
  everywhere: true,
  async run(request, ports) {
    noOperands(request.operands, usage);
    const clusters = await clustersFor('history', request, ports);
    const [runs, failovers] = await Promise.all([
      lastRuns(clusters, ports),
      Promise.all(clusters.map((name) => ports.store.failovers(name, SHOWN))),
    ]);
    const newest = failovers.flat().toSorted((a, b) => b.at.localeCompare(a.at));
    return historyReport(runs, newest.slice(0, SHOWN));
  },
};

export const runs: Command = {
  name: 'runs',
  usage: runsUsage,
  summary: 'The last runs, without the failovers',
  ofCluster: true,
  everywhere: true,
  async run(request, ports) {
    noOperands(request.operands, runsUsage);
    return historyReport(await lastRuns(await clustersFor('runs', request, ports), ports));
  },
};

export const run: Command = {
  name: 'run',
  usage: runUsage,
  summary: 'Everything kept of one run or failover',
  everywhere: true,
  async run(request, ports) {
    const [verb, name, ...more] = request.operands;
    if (verb !== 'show' || name === undefined || more.length > 0)
      throw new RedisopsError('USAGE', 'The name of a run is missing.', { hint: `Write \`${runUsage}\`.` });
    const clusters = await clustersFor('run show', request, ports);
    const { store } = ports;
    const record = await store.run(name);
    if (record && clusters.includes(record.cluster)) {
      const [result, journal] = await Promise.all([store.result(name), store.journal(name)]);
      return pastRunReport({ record, result, journal });
    }
    const failover = await store.failover(name);
    if (failover && clusters.includes(failover.cluster)) return failoverMessage(failover);
    throw unknown(name);
  },
};

function unknown(name: string): RedisopsError {
  return new RedisopsError('RUN_UNKNOWN', `There is no run or failover “${shortened(name)}”.`, {
    hint: '`history` lists them.',
  });
}

/** The named cluster, or all that the person may read. @throws NOT_ALLOWED */
async function clustersFor(what: string, request: CommandRequest, ports: CommandPorts): Promise<readonly string[]> {
  const owners = await chosen(request.cluster, ports);
  return audited(attemptOf(what, request), ports, () => readable(owners, request, ports));
}

async function lastRuns(clusters: readonly string[], ports: CommandPorts): Promise<RunHistory> {
  const found = await Promise.all(clusters.map((name) => ports.store.history(name, SHOWN)));
  const runs = found.flatMap((each) => each.runs).toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return { runs: runs.slice(0, SHOWN), unreadable: found.flatMap((each) => each.unreadable) };
}

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
