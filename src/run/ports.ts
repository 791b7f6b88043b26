import type { RunResult } from '../domain/run/run.ts';
import type { OperationPorts } from '../operation.ts';
import type { ThreadPorts } from './thread/thread.ts';
import type { Repository } from './repositories/repository.ts';
import type { Queue } from '../ports/queue.ts';

/** What a run needs: the operation’s ports, the store, and the thread. */
export interface RunPorts extends OperationPorts, ThreadPorts {
  queue: Queue;
  /** All repositories that are served. */
  repositories?: { all: readonly Repository[] };
  /** Aborts at the run’s next safe point. */
  stop?: AbortSignal;
  /** Called after every run: for metrics, and for the command line’s history. */
  finished(result: RunResult): void;
}
