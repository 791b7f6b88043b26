import { journalRecap } from '../../apply/recap.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { Plan } from '../../domain/plan.ts';
import { endedEarly, type RunRecord, type RunResult } from '../../domain/run/run.ts';
import type { Store } from '../../ports/store.ts';

/**
 * The result of a run that ends before its plan is executed. If an earlier worker had begun, it is not a refusal: the
 * recap shows what was done; the plan is unknown.
 */
export async function stoppedEarly(
  run: RunRecord,
  error: RedisopsError,
  plan: Plan | null,
  store: Pick<Store, 'journal'>,
): Promise<RunResult> {
  const result = endedEarly(run, error, plan);
  const journal = await store.journal(run.run);
  if (journal.length === 0) return result;
  const nodes = journalRecap([...new Set(journal.map(({ node }) => node))], journal);
  const hint = `The recap shows what was done. Nothing was done after that. ${error.hint}`.trim();
  return { ...result, outcome: 'failed', plan: null, nodes, hint };
}
