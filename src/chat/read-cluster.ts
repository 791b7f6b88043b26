import { policyOfCluster } from '../desired/rules/read-rules.ts';
import type { Report } from '../domain/report.ts';
import type { CommandPorts, CommandRequest } from './command.ts';
import { checkReader, type checkRequester } from './permission.ts';
import { noOperands } from './read-text.ts';
import type { ConfigSource } from '../ports/git.ts';

interface ClusterRead {
  name: string;
  usage: string;
  /** `checkReader` where it is not given. */
  check?: typeof checkRequester;
  read: (source: ConfigSource, cluster: string) => Promise<Report>;
}

/** What commands that answer at once do: may this person? → read, with those who ask the same at the same time. */
export async function readCluster(
  request: CommandRequest,
  ports: CommandPorts,
  { name, usage, check = checkReader, read }: ClusterRead,
): Promise<Report> {
  noOperands(request.operands, usage);
  const source = await ports.source(null);
  const owner = await policyOfCluster(source, request.cluster);
  await check(request, owner, ports);
  return ports.reads.share(`${name} ${owner.cluster} ${source.revision}`, () => read(source, owner.cluster));
}
