import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Decision } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { evaluate, json, key, nonce, parsed, serverTime, type ReadRecord } from './redis.ts';
import { EXPIRE_APPROVAL, EXTEND_APPROVAL, OPEN_APPROVAL, SPEND_APPROVAL } from './scripts.ts';
import type { Expiry, SpentApproval } from '../../domain/run/approval.ts';
import type { Approvals } from '../../ports/store.ts';
import { approvalRequest } from '../../records/approval.ts';

const KEPT_SECONDS = 90 * 24 * 3600;

const decision = z.object({
  by: z.string(),
  decision: z.enum(['approved', 'denied', 'expired']),
  decidedAt: z.coerce.number().transform((at) => new Date(at).toISOString()),
});
const spent = z.enum([
  'spent',
  'already-spent',
  'expired',
  'stale',
  'stopped',
  'ended',
  'unknown',
]) satisfies z.ZodType<SpentApproval>;
const expiry = z.enum(['expired', 'waiting', 'decided', 'unknown']) satisfies z.ZodType<Expiry>;

/** Approval requests and decisions. */
export function storedApprovals(redis: Redis, read: ReadRecord): Approvals {
  return {
    async openApproval(request, again = false) {
      const { id, expiresAt, plan: shown } = request;
      const parameters = [
        JSON.stringify(request),
        Date.parse(expiresAt),
        KEPT_SECONDS,
        shown.digest,
        again ? 'again' : '',
      ];
      return (await evaluate(redis, OPEN_APPROVAL, [key.approval(id)], parameters)) === 1;
    },
    async extendApproval(request) {
      const { id, expiresAt, plan: shown } = request;
      const parameters = [JSON.stringify(request), Date.parse(expiresAt), KEPT_SECONDS, shown.digest];
      return (await evaluate(redis, EXTEND_APPROVAL, [key.approval(id)], parameters)) === 1;
    },
    async approval(id) {
      const request = await answerOf(redis.hget(key.approval(id), 'request'));
      return request === null ? null : read(approvalRequest, json(request), `approval ${id}`);
    },
    async spendApproval({ approval, digest, decision: decided }, by) {
      // An approval is named after its run.
      const keys = [key.approval(approval), key.run(approval)];
      const kept = JSON.stringify({ by, decision: decided, at: await serverTime(redis) } satisfies Decision);
      return spent.parse(await evaluate(redis, SPEND_APPROVAL, keys, [by, decided, nonce(), digest, kept]));
    },
    async expireApproval(id) {
      return expiry.parse(await evaluate(redis, EXPIRE_APPROVAL, [key.approval(id)], []));
    },
    async decisionOn(id) {
      const fields = await answerOf(redis.hgetall(key.approval(id)));
      if (fields['decision'] === undefined) return null;
      const { decidedAt, decision: taken, by } = parsed(decision, fields, `decision on ${id}`);
      return taken === 'expired' ? null : { by, decision: taken, at: decidedAt };
    },
  };
}
