import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';

const usage = '/redis failover [to NODE]';

export const failover: Command = {
  name: 'failover',
  usage,
  summary: 'Move the master’s role to a replica, for good, after an approval',
  changes: true,
  run(request, ports) {
    return queueRun(`failover ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      const { operands } = request;
      if (operands.length === 0) return { kind: 'failover', mode: 'planned' };
      const words = operands[0]?.toLowerCase() === 'to' ? operands.slice(1) : operands;
      return { kind: 'failover', mode: 'planned', node: knownNode(oneNode(words, usage), desired) };
    });
  },
};
