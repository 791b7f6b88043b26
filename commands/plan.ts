import { propose } from '../src/operation.ts';
import { planReport } from '../src/report/plan-report.ts';
import type { Command } from './command.ts';
import { noOperands } from './read-text.ts';

const usage = '/redis plan';

export const plan: Command = {
  name: 'plan',
  usage,
  summary: 'Show what the branch’s head would change on each node',
  async run({ operands, cluster }, ports) {
    noOperands(operands, usage);
    const proposal = await propose({ kind: 'converge' }, await ports.source(null), cluster, ports);
    return planReport(proposal.plan);
  },
};
