import type { Redis } from 'ioredis';
import type { AuditEntry } from '../src/domain/run/run.ts';
import { auditEntry } from '../src/records/audit.ts';

/** The audit stream’s entries, newest first. */
export async function auditTrail(redis: Redis, limit = 1000): Promise<readonly AuditEntry[]> {
  const entries = await redis.xrevrange('redisops:audit', '+', '-', 'COUNT', limit);
  return entries.map(([, fields]) => auditEntry.parse(JSON.parse(fields[1] ?? '')));
}
