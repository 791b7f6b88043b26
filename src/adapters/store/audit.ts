import type { Redis } from 'ioredis';
import type { AuditEntry } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { json, key, type ReadRecord } from './redis.ts';
import { auditEntry } from '../../records/audit.ts';
import type { Audit } from '../../ports/store.ts';

export const KEPT_ENTRIES = 100_000;

/** As it stands in the audit’s stream. */
export function auditText(entry: AuditEntry): string {
  return JSON.stringify(auditEntry.parse(entry));
}

/** Who asked for what, and what came of it. */
export function storedAudit(redis: Redis, read: ReadRecord): Audit {
  return {
    async audit(entry) {
      await answerOf(redis.xadd(key.audit, 'MAXLEN', '~', KEPT_ENTRIES, '*', 'entry', auditText(entry)));
    },
    async auditTrail(limit) {
      const entries = await answerOf(redis.xrevrange(key.audit, '+', '-', 'COUNT', limit));
      return entries.flatMap(([id, fields]) => read(auditEntry, json(fields[1] ?? ''), `audit ${id}`) ?? []);
    },
  };
}
