import { judge } from '../src/diagnose/judge.ts';
import { readinessOf } from '../src/domain/readiness/readiness.ts';
import { look } from '../src/operation/look.ts';
import { notesOf } from '../src/operation/notes.ts';
import { statusReport } from '../src/report/cluster/status-report.ts';
import { holdUpsOf } from '../src/run/life/hold-ups.ts';
import type { Command } from '../src/chat/command.ts';
import { readCluster } from '../src/chat/read-cluster.ts';

const name = 'status';
const usage = '/redis status [CLUSTER]';

export const status: Command = {
  name,
  usage,
  summary: 'Read every node and judge the cluster',
  ofCluster: true,
  run(request, ports) {
    return readCluster(request, ports, {
      name,
      usage,
      async read(source, cluster) {
        const { desired, observed, incidents } = await look(source, cluster, ports);
        const holdUps = await holdUpsOf(desired, ports);
        return statusReport(desired, observed, judge(desired, observed, incidents), {
          holdUps,
          incidents,
          readiness: readinessOf(desired, observed),
          notes: notesOf(desired, observed),
        });
      },
    });
  },
};
