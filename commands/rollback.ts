import { commitBefore } from '../src/domain/run/applied.ts';
import type { DesiredCluster } from '../src/domain/desired.ts';
import { RedisopsError } from '../src/domain/error.ts';
import type { Goal } from '../src/domain/run/goal.ts';
import { commitsOf } from '../src/run/branch/applied-commits.ts';
import type { Command, CommandPorts } from '../src/chat/command.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { noOperands, shown } from '../src/chat/read-text.ts';

const usage = '/redis rollback [RUN]';

export const rollback: Command = {
  name: 'rollback',
  usage,
  summary: 'Bring back the commit that was applied before the last one, or before a run',
  changes: true,
  run(request, ports) {
    const [run, ...more] = request.operands;
    return queueRun(`rollback ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      noOperands(more, usage);
      return goalOf(desired, run ?? null, ports);
    });
  },
};

async function goalOf({ cluster }: DesiredCluster, run: string | null, { store }: CommandPorts): Promise<Goal> {
  const commits = await commitsOf(cluster, store);
  if (run !== null && !commits.some((commit) => commit.run === run))
    throw nowhere(`No run ${shown(run)} brought a commit of its own to ${cluster}.`);
  const revision = commitBefore(commits, run);
  if (revision === null) throw nowhere(`No commit is known that ${cluster} had before.`);
  return { kind: 'rollback', revision };
}

function nowhere(message: string): RedisopsError {
  return new RedisopsError('ROLLBACK_NOWHERE', message, {
    hint: '`/redis history` lists the last runs. Reverting the pull request in Git always works.',
  });
}
