import type { Rule } from './rule.ts';

export const strayProcess: Rule = ({ name, host }) =>
  host.strayProcesses.map(({ pid, command }) => ({
    id: 'STRAY_HOLDS_DATA',
    node: name,
    cause: `Process ${pid} is not systemd’s: it may hold the port, and runs another configuration.`,
    evidence: [command],
    remedy: '`apply` ends it, if it holds no data.',
    safe: false,
  }));
