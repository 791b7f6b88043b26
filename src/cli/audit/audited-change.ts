import type { OpenRun } from '../../adapters/store/open-run.ts';
import { asRedisopsError, type RedisopsError } from '../../domain/error.ts';
import { describeGoal } from '../../domain/goal.ts';
import { actionsOf } from '../../domain/plan.ts';
import type { AuditEntry, RunResult } from '../../domain/run/run.ts';
import type { Consent } from '../arguments/invocation.ts';
import type { Context } from '../context.ts';
import { auditAfterwards, auditFirst } from './audited-here.ts';

/**
 * Audits what was decided about a plan. A plan that cannot be audited is refused.
 * @param refusalOf Why the plan may not run; null if it may.
 */
export async function audited(
  run: OpenRun,
  consent: Consent,
  context: Context,
  refusalOf: () => Promise<RedisopsError | null>,
): Promise<RedisopsError | null> {
  const refusal = await refusalOf();
  // Nothing happens: there is nothing to show later.
  if (!refusal && actionsOf(run.plan).length === 0) return null;
  const deed = deedOf(run, describeGoal(run.plan.goal) + consentText(consent));
  if (refusal) {
    await auditAfterwards({ ...deed, outcome: refusal.code }, context);
    return refusal;
  }
  return auditFirst({ ...deed, outcome: 'approved' }, context).then(() => null, asRedisopsError);
}

/** How a run that began came out. */
export async function auditEnd(run: OpenRun, { code }: RunResult, context: Context): Promise<void> {
  if (actionsOf(run.plan).length === 0) return;
  const deed = deedOf(run, `end of ${describeGoal(run.plan.goal)}`);
  await auditAfterwards({ ...deed, outcome: code }, context);
}

function deedOf({ record, plan }: OpenRun, what: string): Omit<AuditEntry, 'at' | 'origin' | 'outcome'> {
  return { cluster: plan.cluster, what, run: record.run, plan: plan.digest };
}

/** The options that stand for an approval. */
function consentText({ yes, giveUpKeys, breakGlass }: Consent): string {
  return [
    yes ? ', --yes' : '',
    giveUpKeys > 0 ? `, --give-up-keys ${giveUpKeys}` : '',
    breakGlass === null ? '' : `, overriding a freeze: ${breakGlass}`,
  ].join('');
}
