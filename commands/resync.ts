import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';

const usage = '/redis resync NODE';

export const resync: Command = {
  name: 'resync',
  usage,
  summary: 'Resynchronize a replica with its master, after an approval',
  changes: true,
  run(request, ports) {
    return queueRun(`resync ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      return { kind: 'resync', node: knownNode(oneNode(request.operands, usage), desired) };
    });
  },
};
