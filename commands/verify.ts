import { verifyReport } from '../src/report/verify-report.ts';
import { verify as verifyCluster } from '../src/verify/verify.ts';
import type { Command } from './command.ts';
import { desiredAtHead } from './desired-at-head.ts';
import { noOperands } from './read-text.ts';

const usage = '/redis verify';

export const verify: Command = {
  name: 'verify',
  usage,
  summary: 'Prove replication from both ends, and by a write',
  async run({ operands, cluster }, ports) {
    noOperands(operands, usage);
    return verifyReport(await verifyCluster(await desiredAtHead(cluster, ports), ports.nodes));
  },
};
