import type { Redis } from 'ioredis';
import type { AuditEntry } from '../../domain/run/run.ts';
import type { Audit } from '../../ports/store.ts';
import { auditEntry, auditHead } from '../../records/audit.ts';
import { answerOf } from '../queue/connection.ts';
import { evaluate, isEmpty, key, parsed } from './redis.ts';
import { KEEP_AUDIT_HEAD } from './scripts.ts';

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
    async auditHead(place) {
      const kept = await answerOf(redis.hgetall(key.auditHead(place)));
      if (isEmpty(kept)) return null;
      return parsed(auditHead, { number: Number(kept['number']), hash: kept['hash'] }, 'head of the audit');
    },
    async keepAuditHead(place, { number, hash, previous }) {
      await evaluate(redis, KEEP_AUDIT_HEAD, [key.auditHead(place)], [number, hash, previous ?? '']);
    },
  };
}
