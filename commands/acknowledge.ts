import type { Command } from '../src/chat/command.ts';
import { askedToRelease, checkRelease } from '../src/chat/release.ts';
import { acknowledgeWatched } from '../src/run/health/acknowledge-health.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { readLockRequest } from '../src/domain/run/lock-request.ts';
import { permittedChange } from '../src/chat/gate.ts';
import { checkParticipant } from '../src/chat/permission.ts';
import { nameOf, originOf } from '../src/chat/person.ts';
import { acknowledge as acknowledgeAll, askToAcknowledge, unacknowledged } from '../src/operation/acknowledge.ts';
import { acknowledgedReport, secondPersonReport } from '../src/report/cluster/incidents-report.ts';

const name = 'acknowledge';
const usage = '/redis acknowledge [CLUSTER] [REASON [for 2h]]';

export const acknowledge: Command = {
  name,
  usage,
  summary: 'Acknowledge what the watch reports, and end the report of restarts, lost data and suspected intrusions',
  ofCluster: true,
  run: (request, ports) =>
    permittedChange(name, request, checkParticipant, ports, async ({ cluster, policy, source }, note) => {
      const term = termOf(request.operands);
      const shown = await unacknowledged(cluster, ports);
      const asker = askedToRelease(shown, policy, ports.clock.now());
      if (Object.keys(shown).length > 0 && asker === null) {
        await askToAcknowledge(cluster, shown, request.user, ports);
        await note('asked', { cluster, what: `${name}: release of ${Object.keys(shown).join(', ')}` });
        return secondPersonReport(cluster, shown, originOf(request));
      }
      if (asker !== null) await checkRelease(request, asker, { cluster, policy }, ports);
      const done = await acknowledgeAll(source, cluster, shown, ports);
      const watched = await acknowledgeWatched(
        cluster,
        { ...term, by: nameOf({ ...request, name: request.handle }) },
        ports,
      );
      const what = `${name}: ${done.incidents.length} incidents, ${done.evidence.length} suspected nodes`;
      await note('done', { cluster, what: term.reason === null ? what : `${what}: ${term.reason}` });
      return acknowledgedReport(cluster, { ...done, shown, watched }, originOf(request));
    }),
};

/** Why, and for how long. @throws USAGE */
function termOf(operands: readonly string[]): { reason: string | null; forMs: number | null } {
  if (operands.length === 0) return { reason: null, forMs: null };
  const request = readLockRequest(operands);
  if (!request.ok) throw new RedisopsError('USAGE', request.message, { hint: `Write \`${usage}\`.` });
  return { reason: request.reason, forMs: request.forMs };
}
