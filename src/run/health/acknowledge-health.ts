import { acknowledgement } from '../../domain/chat/acknowledgement.ts';
import { causeNames, healthShown, type HealthRecord } from '../../domain/health/health-record.ts';
import { healthMessage } from '../../report/cluster/health-message.ts';
import type { RunPorts } from '../ports.ts';
import { healthButtons } from './watch-health.ts';

type Ports = Pick<RunPorts, 'store' | 'chat' | 'clock' | 'log'>;

export interface AcknowledgeRequest {
  /** For display. */
  by: string;
  reason: string | null;
  /** Milliseconds; null: until it is over. */
  forMs: number | null;
}

/** Acknowledges the trouble that is known now, in the store and in its message. */
export async function acknowledgeHealth(
  record: HealthRecord,
  request: AcknowledgeRequest,
  ports: Ports,
): Promise<void> {
  const acknowledged = acknowledgement(request, ports.clock.now());
  await ports.store.changeHealth(record.cluster, { acknowledged });
  await showHealth({ ...record, acknowledged }, ports);
}

/** Acknowledges what the standing watch reports. Returns the causes; none if it reports nothing. */
export async function acknowledgeWatched(
  cluster: string,
  request: AcknowledgeRequest,
  ports: Ports,
): Promise<readonly string[]> {
  const record = await ports.store.health(cluster);
  if (!record || record.state === 'well') return [];
  await acknowledgeHealth(record, request, ports);
  return causeNames(record.look);
}

/** If Slack is down, the next look updates the message: its last text is stored too. */
export async function showHealth(record: HealthRecord, { chat, store, log }: Ports): Promise<void> {
  if (!record.message) return;
  try {
    await chat.edit(record.message, healthMessage(record), healthButtons(record));
    await store.changeHealth(record.cluster, { shown: healthShown(record) });
  } catch (error) {
    log.warn({ cluster: record.cluster, error }, 'could not show what became of the cluster’s health');
  }
}
