import { commitToRestore } from '../src/domain/run/applied.ts';
import { commitsOf } from '../src/run/life/applied-commits.ts';
import type { Command } from '../src/chat/command.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { noOperands } from '../src/chat/read-text.ts';

const usage = '/redis rollback [RUN]';

export const rollback: Command = {
  name: 'rollback',
  usage,
  summary: 'Restore the commit applied before the last one, or before a run',
  changes: true,
  run(request, ports) {
    const [run, ...more] = request.operands;
    return queueRun(`rollback ${request.operands.join(' ')}`.trim(), request, ports, async ({ cluster }) => {
      noOperands(more, usage);
      const commits = await commitsOf(cluster, ports.store);
      const revision = commitToRestore(commits, run ?? null, { cluster, history: '/redis history' });
      return { kind: 'rollback', revision };
    });
  },
};
