import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';

const usage = '/redis purge [NODE]';

export const purge: Command = {
  name: 'purge',
  usage,
  summary: 'Remove RDB and AOF files that no running Redis uses, after an approval',
  changes: true,
  run(request, ports) {
    return queueRun(`purge ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      if (request.operands.length === 0) return { kind: 'purge' };
      return { kind: 'purge', node: knownNode(oneNode(request.operands, usage), desired) };
    });
  },
};
