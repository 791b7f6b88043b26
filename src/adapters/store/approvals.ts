import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Decision } from '../../domain/run/run.ts';
import { answerOf } from '../queue/connection.ts';
import { origin, plan } from './run-record.ts';
import { evaluate, key, nonce, readJson, serverTime } from './redis.ts';
import { EXPIRE_APPROVAL, OPEN_APPROVAL, SPEND_APPROVAL } from './scripts.ts';
import type { SpentApproval } from '../../domain/run/approval.ts';
import type { Store } from '../../ports/store.ts';

type Approvals = Pick<Store, 'openApproval' | 'approval' | 'spendApproval' | 'expireApproval' | 'decisionOn'>;

const KEPT_SECONDS = 90 * 24 * 3600;

const approvalRequest = z.object({
  id: z.string(),
  run: z.string(),
  cluster: z.string(),
  plan,
  requester: origin,
  expiresAt: z.string(),
  breakGlass: z.string().optional(),
});
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

/** What waits for a person, and what became of it. */
export function storedApprovals(redis: Redis): Approvals {
  return {
    async openApproval(request) {
      const { id, expiresAt, plan: shown } = request;
      const parameters = [JSON.stringify(request), Date.parse(expiresAt), KEPT_SECONDS, shown.digest];
      return (await evaluate(redis, OPEN_APPROVAL, [key.approval(id)], parameters)) === 1;
    },
    async approval(id) {
      const request = await answerOf(redis.hget(key.approval(id), 'request'));
      return request === null ? null : readJson(approvalRequest, request, `approval ${id}`);
    },
    async spendApproval({ approval, digest, decision: decided }, by) {
      // An approval has its run’s name.
      const keys = [key.approval(approval), key.run(approval)];
      const kept = JSON.stringify({ by, decision: decided, at: await serverTime(redis) } satisfies Decision);
      return spent.parse(await evaluate(redis, SPEND_APPROVAL, keys, [by, decided, nonce(), digest, kept]));
    },
    async expireApproval(id) {
      return (await evaluate(redis, EXPIRE_APPROVAL, [key.approval(id)], [])) === 1;
    },
    async decisionOn(id) {
      const fields = await answerOf(redis.hgetall(key.approval(id)));
      if (fields['decision'] === undefined) return null;
      const { decidedAt, decision: taken, by } = decision.parse(fields);
      return taken === 'expired' ? null : { by, decision: taken, at: decidedAt };
    },
  };
}
