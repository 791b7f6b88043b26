import type { Report } from '../domain/report.ts';
import type { CommandPorts, CommandRequest } from './command.ts';
import { permittedRead, type Check } from './gate.ts';
import { checkReader } from './permission.ts';
import { noOperands } from './read-text.ts';
import type { ConfigSource } from '../ports/git.ts';

interface ClusterRead {
  name: string;
  usage: string;
  /** Default: `checkReader`. */
  check?: Check;
  read: (source: ConfigSource, cluster: string) => Promise<Report>;
}

/**
 * Shared by commands that answer at once: check permission, then read, joined by concurrent requests for the same
 * thing.
 */
export async function readCluster(
  request: CommandRequest,
  ports: CommandPorts,
  { name, usage, check = checkReader, read }: ClusterRead,
): Promise<Report> {
  noOperands(request.operands, usage);
  const { source, cluster } = await permittedRead(name, request, check, ports);
  return ports.reads.share(`${name} ${cluster} ${source.revision}`, () => read(source, cluster));
}
