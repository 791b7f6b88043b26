import type { WatchClick } from '../domain/chat/click.ts';
import { RedisopsError } from '../domain/error.ts';
import { ACKNOWLEDGE_TERMS, type AcknowledgeOffer } from '../domain/chat/acknowledgement.ts';
import { healthFingerprint } from '../domain/health/health-record.ts';
import type { Report } from '../domain/report.ts';
import { audited } from '../run/audited.ts';
import { acknowledgeHealth, showHealth } from '../run/health/acknowledge-health.ts';
import { portsAt } from '../run/repositories/cluster-directory.ts';
import type { Clicked } from './clicked.ts';
import type { BotPorts, CommandPorts } from './command.ts';
import { attemptOf, permittedChange } from './gate.ts';
import { checkParticipant } from './permission.ts';
import { nameOf } from './person.ts';

type Decided = Clicked<WatchClick>;

/**
 * Handles a button below a message of the standing watch. Every attempt is audited. Null: the message itself shows the
 * result.
 * @throws NOT_ALLOWED, MESSAGE_STALE
 */
export async function decideWatch(decided: Decided, given: BotPorts): Promise<Report | null> {
  const { about, offer, cluster } = decided.click;
  const what = `${about}: ${offer}`;
  const asked = { ...decided, cluster };
  const ports = await audited(attemptOf(what, asked), given, () => portsAt(cluster, given));
  return permittedChange(what, asked, checkParticipant, ports, async (_place, note) => {
    if (offer === 'pull-request' || offer === 'way-back') throw stale();
    await acknowledge(decided, offer, ports);
    await note('done');
    return null;
  });
}

async function acknowledge(decided: Decided, offer: AcknowledgeOffer, ports: CommandPorts): Promise<void> {
  const { cluster, fingerprint } = decided.click;
  const record = await ports.store.health(cluster);
  if (!record || record.state === 'well' || healthFingerprint(record) !== fingerprint) {
    if (record) await showHealth(record, ports);
    throw stale();
  }
  const { reason, forMs } = ACKNOWLEDGE_TERMS[offer];
  await acknowledgeHealth(record, { by: nameOf(decided), reason, forMs }, ports);
}

function stale(): RedisopsError {
  return new RedisopsError('MESSAGE_STALE', 'The state above this button has changed.', {
    hint: 'This click changed nothing. `/redis status` shows the current state.',
  });
}
