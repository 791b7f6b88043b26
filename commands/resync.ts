import type { Command } from './command.ts';
import { knownNode } from './known-node.ts';
import { queueRun } from './queue-run.ts';
import { oneNode } from './read-text.ts';

const usage = '/redis resync NODE';

export const resync: Command = {
  name: 'resync',
  usage,
  summary: 'Synchronise a replica with its master, after an approval',
  changes: true,
  run(request, ports) {
    return queueRun(`resync ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      return { kind: 'resync', node: knownNode(oneNode(request.operands, usage), desired) };
    });
  },
};
