import type { Command } from '../src/chat/command.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { noOperands } from '../src/chat/read-text.ts';

const usage = '/redis apply';

export const apply: Command = {
  name: 'apply',
  usage,
  summary: 'Make the nodes as Git asks; disruption needs an approval',
  changes: true,
  run(request, ports) {
    return queueRun('apply', request, ports, () => {
      noOperands(request.operands, usage);
      return { kind: 'converge' };
    });
  },
};
