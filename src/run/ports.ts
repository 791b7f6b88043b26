import type { RunResult } from '../domain/run/run.ts';
import type { OperationPorts } from '../operation.ts';
import type { ThreadPorts } from './thread/thread.ts';
import type { Queue } from '../ports/queue.ts';

/** What a run needs from outside: the line’s ports, and those by which it is kept and told. */
export interface RunPorts extends OperationPorts, ThreadPorts {
  queue: Queue;
  /** Aborted when the run should end at its next safe point. */
  stop?: AbortSignal;
  /** Told of every run that ended: metrics, and the history that the command line reads. */
  finished(result: RunResult): void;
}
