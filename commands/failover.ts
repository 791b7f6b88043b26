import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';
import { readFailoverWords } from '../src/domain/run/failover-words.ts';

const usage = '/redis failover [lost-master] [to NODE]';

export const failover: Command = {
  name: 'failover',
  usage,
  summary: 'Move the master’s role to another node, for good, after an approval',
  changes: true,
  run(request, ports) {
    return queueRun(`failover ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      const { mode, rest, needsNode } = readFailoverWords(request.operands);
      if (rest.length === 0 && !needsNode) return { kind: 'failover', mode };
      return { kind: 'failover', mode, node: knownNode(oneNode(rest, usage), desired) };
    });
  },
};
