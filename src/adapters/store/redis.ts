import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { RedisopsError } from '../../domain/error.ts';
import type { Log } from '../../ports/log.ts';
import { answerOf } from '../queue/connection.ts';

/** Key names. Prefixes of a run’s keys are passed to scripts, which delete old ones. */
export const key = {
  result: (run: string) => `redisops:result:${run}`,
  run: (run: string) => `redisops:run:${run}`,
  runs: (cluster: string) => `redisops:runs:${cluster}`,
  unreported: (cluster: string) => `redisops:untold:${cluster}`,
  thread: (run: string) => `redisops:thread:${run}`,
  journal: (run: string) => `redisops:journal:${run}`,
  approval: (id: string) => `redisops:approval:${id}`,
  drift: (cluster: string) => `redisops:drift:${cluster}`,
  look: (cluster: string) => `redisops:look:${cluster}`,
  signs: (cluster: string) => `redisops:signs:${cluster}`,
  lock: (cluster: string) => `redisops:lock:${cluster}`,
  driftTurn: (cluster: string) => `redisops:drift-turn:${cluster}`,
  health: (cluster: string) => `redisops:health:${cluster}`,
  healthTurn: (cluster: string) => `redisops:health-turn:${cluster}`,
  failover: (failover: string) => `redisops:failover:${failover}`,
  failovers: (cluster: string) => `redisops:failovers:${cluster}`,
  watchedMaster: (cluster: string) => `redisops:watched-master:${cluster}`,
  failoverLease: (cluster: string) => `redisops:failover-lease:${cluster}`,
  branch: (branch: string) => `redisops:branch:${branch}`,
  askers: (pullRequest: string) => `redisops:askers:${pullRequest.toLowerCase()}`,
  notes: (run: string) => `redisops:notes:${run}`,
  outbox: 'redisops:outbox',
  owners: 'redisops:owners',
  audit: 'redisops:audit',
  auditHead: (place: string) => `redisops:audit-head:${place}`,
};

/** Runs a script atomically. @throws QUEUE_FAILED */
export function evaluate(
  redis: Redis,
  text: string,
  keys: readonly string[],
  parameters: readonly (string | number)[],
): Promise<unknown> {
  return answerOf(redis.eval(text, keys.length, ...keys, ...parameters));
}

/** A record is a hash with one JSON field per property, so that concurrent changes do not overwrite each other. */
export function fieldsOf(change: object): string[] {
  return Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .flatMap(([field, value]) => [field, JSON.stringify(value)]);
}

/** Decodes such a hash. */
export function valuesOf(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, json(value)]));
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws QUEUE_FAILED if the value does not match. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unreadable(what, result.error);
}

/** Reads a record; if it is invalid, logs why, once per `what`, and returns null. */
export type ReadRecord = <T>(schema: z.ZodType<T>, value: unknown, what: string) => T | null;

export function recordReader(log: Log): ReadRecord {
  const logged = new Set<string>();
  return (schema, value, what) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    if (!logged.has(what)) log.warn({ record: what, error: unreadable(what, result.error) }, 'a record is left out');
    logged.add(what);
    return null;
  };
}

function unreadable(what: string, { issues }: z.ZodError): RedisopsError {
  const problems = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return new RedisopsError('QUEUE_FAILED', `The queue’s Redis holds something else than a ${what}: ${problems}`, {
    hint: 'Was it written by another version of redisops, or by another program? Give redisops a Redis of its own.',
  });
}

export function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0;
}

/** The server’s clock, shared by all workers. */
export async function serverTime(redis: Redis): Promise<string> {
  const [seconds = 0] = (await answerOf(redis.time())).map(Number);
  return new Date(seconds * 1000).toISOString();
}

/** Distinguishes a command resent by the client from someone else’s. */
export function nonce(): string {
  return randomBytes(9).toString('base64url');
}
