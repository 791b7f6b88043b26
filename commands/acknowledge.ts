import type { Command } from '../src/chat/command.ts';
import { askedToRelease, checkRelease } from '../src/chat/release.ts';
import { permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { originOf } from '../src/chat/person.ts';
import { noOperands } from '../src/chat/read-text.ts';
import { acknowledge as acknowledgeAll, askToAcknowledge, unacknowledged } from '../src/operation/acknowledge.ts';
import { acknowledgedReport, secondPersonReport } from '../src/report/cluster/incidents-report.ts';

const name = 'acknowledge';
const usage = '/redis acknowledge [CLUSTER]';

export const acknowledge: Command = {
  name,
  usage,
  summary: 'End the report of restarts, lost data and suspected intrusions that `status` shows',
  ofCluster: true,
  run: (request, ports) =>
    permittedChange(name, request, checkParticipant, ports, async ({ cluster, policy, source }, note) => {
      noOperands(request.operands, usage);
      const shown = await unacknowledged(cluster, ports);
      const asker = askedToRelease(shown, policy, ports.clock.now());
      if (Object.keys(shown).length > 0 && asker === null) {
        await askToAcknowledge(cluster, shown, request.user, ports);
        await note('asked', { cluster, what: `${name}: release of ${Object.keys(shown).join(', ')}` });
        return secondPersonReport(cluster, shown, originOf(request));
      }
      if (asker !== null) await checkRelease(request, asker, { cluster, policy }, ports);
      const done = await acknowledgeAll(source, cluster, shown, ports);
      const what = `${name}: ${done.incidents.length} incidents, ${done.evidence.length} suspected nodes`;
      await note('done', { cluster, what });
      return acknowledgedReport(cluster, { ...done, shown }, originOf(request));
    }),
};
