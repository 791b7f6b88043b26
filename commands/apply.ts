import type { Command } from '../src/chat/command.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { noOperands } from '../src/chat/read-text.ts';

const usage = '/redis apply';

export const apply: Command = {
  name: 'apply',
  usage,
  summary: 'Apply Git to the nodes; changes that disturb service need an approval',
  changes: true,
  run(request, ports) {
    return queueRun('apply', request, ports, () => {
      noOperands(request.operands, usage);
      return { kind: 'converge' };
    });
  },
};
