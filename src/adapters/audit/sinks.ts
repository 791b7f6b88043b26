import type { Secret } from '../../domain/secret.ts';
import type { Sink } from './delivery.ts';
import { syslogSink } from './syslog.ts';
import { webhookSink } from './webhook.ts';

/** The sinks that the settings name. */
export function auditSinks(
  {
    AUDIT_SYSLOG_URL: syslog,
    AUDIT_WEBHOOK_URL: webhook,
  }: { AUDIT_SYSLOG_URL?: string | undefined; AUDIT_WEBHOOK_URL?: Secret | undefined },
  fetch: typeof globalThis.fetch,
): readonly Sink[] {
  return [...(syslog === undefined ? [] : [syslogSink(syslog)]), ...(webhook ? [webhookSink(webhook, fetch)] : [])];
}
