import { judge } from '../src/diagnose/judge.ts';
import { look } from '../src/operation.ts';
import { statusReport } from '../src/report/status-report.ts';
import type { Command } from './command.ts';
import { noOperands } from './read-text.ts';

const usage = '/redis status';

export const status: Command = {
  name: 'status',
  usage,
  summary: 'Read every node and judge the cluster',
  async run({ operands, cluster }, ports) {
    noOperands(operands, usage);
    const { desired, observed } = await look(await ports.source(null), cluster, ports);
    return statusReport(desired, observed, judge(desired, observed));
  },
};
