import type { Report } from '../domain/report.ts';
import type { ClusterDirectory } from '../run/repositories/cluster-directory.ts';
import type { RunPorts } from '../run/ports.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { RepositoryPorts } from '../run/repositories/repository.ts';
import type { Person } from './person.ts';
import type { SharedReads } from './shared-reads.ts';

/** A parsed command. */
export interface CommandRequest extends Person {
  /** The same ID if Slack delivers the request twice. */
  id: string;
  /** The person’s name in Slack, for records. */
  handle?: string | undefined;
  /** Words after the command’s name, without options. */
  operands: readonly string[];
  /** `--cluster NAME`, or `in NAME`. */
  cluster: string | undefined;
  /** `--break-glass "why"`: allows a change during a freeze. */
  breakGlass?: string | undefined;
}

/** For the repository that owns the cluster. */
export interface CommandPorts extends RunPorts {
  reads: SharedReads;
  trail: AuditTrail;
  repositories: ClusterDirectory;
}

/** Before the repository is known. */
export type BotPorts = Omit<CommandPorts, keyof RepositoryPorts>;

/** One subcommand of `/redis`. */
export interface Command {
  name: string;
  /** `/redis resync NODE`. */
  usage: string;
  summary: string;
  /** Changes nodes, and takes `--break-glass`. */
  changes?: true;
  /** Works without a cluster. */
  everywhere?: true;
  /** Takes no operand, so that a cluster’s name may be given there, as after `--cluster`. */
  ofCluster?: true;
  /** Returns the answer; refuses by throwing. */
  run(request: CommandRequest, ports: CommandPorts): Promise<Report>;
}
