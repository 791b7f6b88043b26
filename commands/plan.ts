import { propose } from '../src/operation.ts';
import { planReport } from '../src/report/plan/plan-report.ts';
import type { Command } from '../src/chat/command.ts';
import { readCluster } from '../src/chat/read-cluster.ts';

const name = 'plan';
const usage = '/redis plan [CLUSTER]';

export const plan: Command = {
  name,
  usage,
  summary: 'Show what the branch head would change on each node',
  ofCluster: true,
  run(request, ports) {
    return readCluster(request, ports, {
      name,
      usage,
      async read(source, cluster) {
        const proposal = await propose({ kind: 'converge' }, source, cluster, ports);
        return planReport(proposal.plan);
      },
    });
  },
};
