import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AuditEntry } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { origin } from './run-record.ts';
import { key, readJson } from './redis.ts';
import type { Store } from '../../ports/store.ts';

export const KEPT_ENTRIES = 100_000;

const auditEntry = z.object({
  at: z.string(),
  origin,
  cluster: z.string(),
  what: z.string(),
  outcome: z.string(),
  run: z.string().nullable(),
});

/** As it stands in the audit’s stream. */
export function auditText(entry: AuditEntry): string {
  return JSON.stringify(auditEntry.parse(entry));
}

/** Who asked for what, and what came of it. */
export function storedAudit(redis: Redis): Pick<Store, 'audit' | 'auditTrail'> {
  return {
    async audit(entry) {
      await answerOf(redis.xadd(key.audit, 'MAXLEN', '~', KEPT_ENTRIES, '*', 'entry', auditText(entry)));
    },
    async auditTrail(limit) {
      const entries = await answerOf(redis.xrevrange(key.audit, '+', '-', 'COUNT', limit));
      return entries.map(([, fields]) => readJson(auditEntry, fields[1] ?? '', 'audit'));
    },
  };
}
