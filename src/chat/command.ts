import type { Report } from '../domain/report.ts';
import type { ClusterDirectory } from '../run/repositories/cluster-directory.ts';
import type { RunPorts } from '../run/ports.ts';
import type { RepositoryPorts } from '../run/repositories/repository.ts';
import type { Person } from './person.ts';
import type { SharedReads } from './shared-reads.ts';

/** What a person asked for, after its text was read. */
export interface CommandRequest extends Person {
  /** The same when the request comes a second time. */
  id: string;
  /** What follows the command’s name, without options. */
  operands: readonly string[];
  /** `--cluster NAME`, or `in NAME`. */
  cluster: string | undefined;
  /** `--break-glass "why"`: to change something within a freeze. */
  breakGlass?: string | undefined;
}

/** At one repository: the one of the cluster that is meant. */
export interface CommandPorts extends RunPorts {
  reads: SharedReads;
  repositories: ClusterDirectory;
}

/** Before it is known which repository is meant. */
export type BotPorts = Omit<CommandPorts, keyof RepositoryPorts>;

/** One subcommand of `/redis`. */
export interface Command {
  name: string;
  /** As it is typed: `/redis resync NODE`. */
  usage: string;
  summary: string;
  /** It changes nodes, and takes `--break-glass`. */
  changes?: true;
  /** It does not need to know of which cluster. */
  everywhere?: true;
  /** It takes no operand: a cluster’s name may stand there, as after `--cluster`. */
  ofCluster?: true;
  /** Answers the person; refuses by throwing. */
  run(request: CommandRequest, ports: CommandPorts): Promise<Report>;
}
