import { verifyReport } from '../src/report/cluster/verify-report.ts';
import { verify as verifyCluster } from '../src/verify/verify.ts';
import type { Command } from '../src/chat/command.ts';
import { desiredAndReach } from '../src/operation/look.ts';
import { checkRequester } from '../src/chat/permission.ts';
import { readCluster } from '../src/chat/read-cluster.ts';

const name = 'verify';
const usage = '/redis verify [CLUSTER]';

/** Writes a key of its own, so only people who may request changes may use it. */
export const verify: Command = {
  name,
  usage,
  summary: 'Check replication from both ends, and with a write',
  ofCluster: true,
  run(request, ports) {
    return readCluster(request, ports, {
      name,
      usage,
      check: checkRequester,
      async read(source, cluster) {
        return verifyReport(await verifyCluster(await desiredAndReach(source, cluster, ports), ports.nodes));
      },
    });
  },
};
