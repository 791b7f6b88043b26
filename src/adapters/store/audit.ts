import type { Redis } from 'ioredis';
import type { AuditEntry } from '../../domain/run/run.ts';
import type { Audit } from '../../ports/store.ts';
import { auditEntry } from '../../records/audit.ts';
import { answerOf } from '../queue/connection.ts';
import { key } from './redis.ts';

export const KEPT_ENTRIES = 100_000;

/** An entry as stored in the audit stream. */
export function auditText(entry: AuditEntry): string {
  return JSON.stringify(auditEntry.parse(entry));
}

/** Who asked for what, and the outcome. */
export function storedAudit(redis: Redis): Audit {
  return {
    async audit(entry) {
      await answerOf(redis.xadd(key.audit, 'MAXLEN', '~', KEPT_ENTRIES, '*', 'entry', auditText(entry)));
    },
  };
}
