import type { Click } from '../../domain/chat/click.ts';
import { ACKNOWLEDGE_OFFERS } from '../../domain/chat/acknowledgement.ts';
import {
  failoverFingerprint,
  failoverShown,
  isReported,
  needsAcknowledgement,
  type FailoverRecord,
} from '../../domain/failover/failover-record.ts';
import { failoverMessage } from '../../report/cluster/failover-message.ts';
import type { RunPorts } from '../ports.ts';
import { channelOf } from '../thread/channel-of.ts';

/** Posts the failover’s message, or edits it. Returns the record with the message. @throws SLACK_FAILED */
export async function tellFailover(record: FailoverRecord, ports: RunPorts): Promise<FailoverRecord> {
  const shown = failoverShown(record);
  if (!isReported(record) || record.shown === shown) return record;
  const { chat, store } = ports;
  const buttons = failoverButtons(record, ports);
  if (record.message) await chat.edit(record.message, failoverMessage(record), buttons);
  const message =
    record.message ?? (await chat.post(await channelOf(record.cluster, ports), failoverMessage(record), buttons));
  await store.changeFailover(record.failover, { message, shown });
  return { ...record, message, shown };
}

export function failoverButtons(record: FailoverRecord, { gitHub }: Pick<RunPorts, 'gitHub'>): readonly Click[] {
  const offers = [
    ...(record.to !== null && gitHub && !record.pullRequest ? (['pull-request'] as const) : []),
    ...(record.to !== null && record.wayBack === null ? (['way-back'] as const) : []),
    ...(needsAcknowledgement(record) ? ACKNOWLEDGE_OFFERS : []),
  ];
  const fingerprint = failoverFingerprint(record);
  return offers.map((offer) => ({ kind: 'watch', about: 'failover', offer, cluster: record.cluster, fingerprint }));
}
