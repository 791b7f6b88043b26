import type { DesiredCluster } from '../src/domain/desired.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { didYouMean } from '../src/domain/nearest.ts';
import type { Command } from './command.ts';
import { queueRun } from './queue-run.ts';
import { oneNode } from './read-text.ts';

const usage = '/redis resync NODE';

export const resync: Command = {
  name: 'resync',
  usage,
  summary: 'Synchronise a replica with its master, after an approval',
  run(request, ports) {
    return queueRun(`resync ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      return { kind: 'resync', node: knownNode(oneNode(request.operands, usage), desired) };
    });
  },
};

/** Whatever the case that it was typed in. */
function knownNode(typed: string, { nodes, cluster }: DesiredCluster): string {
  const names = nodes.map(({ name }) => name);
  const known = names.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (known !== undefined) return known;
  throw new RedisopsError('UNKNOWN_NODE', `${cluster} has no node “${typed}”.${didYouMean(typed, names)}`, {
    hint: `Its nodes are ${names.join(', ')}.`,
  });
}
