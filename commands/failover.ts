import { RedisopsError } from '../src/domain/error.ts';
import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';
import { readFailoverWords } from '../src/domain/run/failover-words.ts';

const usage = '/redis failover [lost-master] [to NODE]';
const drillUsage = '/redis drill [planned]';

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

/** Takes no `--break-glass`: a drill can wait for the end of a freeze. */
export const drill: Command = {
  name: 'drill',
  usage: drillUsage,
  summary: 'Rehearse a planned switchover, and back, after an approval, with a writer beside the clients',
  run(request, ports) {
    return queueRun(`drill ${request.operands.join(' ')}`.trim(), request, ports, () => {
      const [scenario = 'planned', ...more] = request.operands.map((word) => word.toLowerCase());
      if (scenario === 'kill')
        throw new RedisopsError('NOT_AVAILABLE_YET', 'drill kill is not available yet.', {
          hint: '`/redis drill planned` rehearses a planned switchover.',
        });
      if (scenario !== 'planned' || more.length > 0)
        throw new RedisopsError('USAGE', 'The scenario is not known.', { hint: `Write \`${drillUsage}\`.` });
      return { kind: 'drill', scenario };
    });
  },
};
