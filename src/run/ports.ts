import type { RunResult } from '../domain/run/run.ts';
import type { OperationPorts } from '../operation.ts';
import type { ThreadPorts } from './thread/thread.ts';
import type { Queue } from '../ports/queue.ts';

/** What a run needs: the operation’s ports, the store, and the thread. */
export interface RunPorts extends OperationPorts, ThreadPorts {
  queue: Queue;
  /** Aborts at the run’s next safe point. */
  stop?: AbortSignal;
  /** Called after every run: for metrics, and for the command line’s history. */
  finished(result: RunResult): void;
}
