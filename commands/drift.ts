import { drift as lookForDrift } from '../src/operation.ts';
import { driftReport } from '../src/report/cluster/drift-report.ts';
import type { Command } from '../src/chat/command.ts';
import { readCluster } from '../src/chat/read-cluster.ts';

const name = 'drift';
const usage = '/redis drift [CLUSTER]';

export const drift: Command = {
  name,
  usage,
  summary: 'Compare Git with files, running Redis, units and roles',
  ofCluster: true,
  run(request, ports) {
    return readCluster(request, ports, {
      name,
      usage,
      async read(source, cluster) {
        return driftReport(await lookForDrift(source, cluster, ports));
      },
    });
  },
};
