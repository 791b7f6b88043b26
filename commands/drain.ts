import type { Command } from '../src/chat/command.ts';
import { knownNode } from '../src/chat/known-node.ts';
import { queueRun } from '../src/chat/queue-run.ts';
import { oneNode } from '../src/chat/read-text.ts';

const usage = '/redis drain HOST';
const undrainUsage = '/redis undrain HOST';

export const drain: Command = {
  name: 'drain',
  usage,
  summary: 'Prepare a host for a reboot: its role goes elsewhere after an approval, and it takes none until `undrain`',
  changes: true,
  run(request, ports) {
    return queueRun(`drain ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      const node = knownNode(oneNode(request.operands, usage), desired);
      const at = ports.clock.now().toISOString();
      return { kind: 'drain', node, at, by: request.handle ?? request.user };
    });
  },
};

export const undrain: Command = {
  name: 'undrain',
  usage: undrainUsage,
  summary: 'Let a drained host take a role again',
  changes: true,
  run(request, ports) {
    return queueRun(`undrain ${request.operands.join(' ')}`.trim(), request, ports, (desired) => {
      return { kind: 'undrain', node: knownNode(oneNode(request.operands, undrainUsage), desired) };
    });
  },
};
