import type { Command } from '../src/chat/command.ts';
import { permittedRead } from '../src/chat/gate.ts';
import { checkReader } from '../src/chat/permission.ts';
import { noOperands } from '../src/chat/read-text.ts';
import { auditReport } from '../src/report/cluster/audit-report.ts';

const name = 'audit';
const usage = '/redis audit [CLUSTER]';
const SHOWN = 20;

export const audit: Command = {
  name,
  usage,
  summary: 'Who did what, and whether an entry was changed or cut',
  ofCluster: true,
  async run(request, ports) {
    noOperands(request.operands, usage);
    const { cluster } = await permittedRead(name, request, checkReader, ports);
    const { trail, store } = ports;
    const view = await trail.examine(await store.auditHead(trail.place), SHOWN, cluster);
    return auditReport({ ...view, unchecked: null });
  },
};
