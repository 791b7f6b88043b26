import { journalRecap } from '../../apply/recap.ts';
import type { RedisopsError } from '../../domain/error.ts';
import type { Plan } from '../../domain/plan.ts';
import { endedEarly, type RunRecord, type RunResult } from '../../domain/run/run.ts';
import type { Store } from '../../ports/store.ts';

/**
 * A run that ends before its plan is carried out. Where an earlier worker had begun, that is no refusal any more: the
 * recap has what was done, and of what plan it was is not known.
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
