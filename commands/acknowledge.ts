import type { Command } from '../src/chat/command.ts';
import { permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { originOf } from '../src/chat/person.ts';
import { noOperands } from '../src/chat/read-text.ts';
import { acknowledge as acknowledgeIncidents } from '../src/operation/incidents.ts';
import { acknowledgedReport } from '../src/report/cluster/incidents-report.ts';

const name = 'acknowledge';
const usage = '/redis acknowledge [CLUSTER]';

export const acknowledge: Command = {
  name,
  usage,
  summary: 'End the report of restarts and lost data that `status` shows',
  ofCluster: true,
  run: (request, ports) =>
    permittedChange(name, request, checkParticipant, ports, async ({ cluster }, note) => {
      noOperands(request.operands, usage);
      const incidents = await acknowledgeIncidents(cluster, ports);
      await note('done', { cluster, what: `${name}: ${incidents.length} incidents` });
      return acknowledgedReport(cluster, incidents, originOf(request));
    }),
};
