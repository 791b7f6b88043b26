import { RedisopsError } from '../src/domain/error.ts';
import { isFinal } from '../src/domain/run/run.ts';
import type { Command, CommandPorts, CommandRequest } from '../src/chat/command.ts';
import { attemptOf, permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { noOperands } from '../src/chat/read-text.ts';
import { stopRun } from '../src/chat/stop-run.ts';
import { audited } from '../src/run/audited.ts';
import { portsAt } from '../src/run/repositories/cluster-directory.ts';

const usage = '/redis stop [RUN]';
const LOOK_BACK = 50;

export const stop: Command = {
  name: 'stop',
  usage,
  summary: 'End a run at its next safe point',
  everywhere: true,
  async run(request, ports) {
    const [run, ...more] = request.operands;
    noOperands(more, usage);
    return stopRun(run ?? (await openRun(request, ports)), request, ports);
  },
};

/** The run in progress, or the only waiting one. Its name is not for everyone. */
async function openRun(request: CommandRequest, ports: CommandPorts): Promise<string> {
  const at = await audited(attemptOf('stop', request), ports, () => portsAt(request.cluster, ports));
  return permittedChange('stop', request, checkParticipant, at, async ({ cluster }) => {
    const open = (await ports.store.runs(cluster, LOOK_BACK)).filter(({ status }) => !isFinal(status));
    const found = open.find(({ status }) => status === 'running') ?? (open.length === 1 ? open[0] : undefined);
    if (found) return found.run;
    if (open.length === 0)
      throw new RedisopsError('RUN_NOT_OPEN', `No run of ${cluster} is in progress.`, {
        hint: 'Nothing to stop.',
      });
    throw new RedisopsError('USAGE', `Several runs of ${cluster} wait: ${open.map(({ run }) => run).join(', ')}.`, {
      hint: `Name one: \`${usage}\`.`,
    });
  });
}
