import { createLog } from '../../src/adapters/log/log.ts';
import { runQueue } from '../../src/adapters/queue/queue.ts';

/** A worker in a separate process, to be killed: prints `took ID` when it has a job, and never ends it. */
const [socket = '', cluster = ''] = process.argv.slice(-2);
const queue = runQueue({ kind: 'socket', path: socket }, createLog('silent'));
await queue.startWorker(
  cluster,
  async (job) => {
    process.stdout.write(`took ${job.id}\n`);
    await new Promise(() => {});
  },
  { lockMs: 600, checkMs: 300 },
);
