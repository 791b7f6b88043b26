import type { Rule } from './rule.ts';

export const strayProcess: Rule = ({ name, host }) =>
  host.strayProcesses.map(({ pid, command }) => ({
    id: 'STRAY_HOLDS_DATA',
    node: name,
    cause: `Process ${pid} does not belong to systemd. It may hold the port, with another configuration.`,
    evidence: [command],
    byHand: 'Find out who started it, and stop it once its data is safe.',
    fix: { goal: { kind: 'converge' }, does: '`apply` stops it: it holds no data.', safe: false },
  }));
