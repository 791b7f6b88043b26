import { changedVariables } from '../../desired/questions.ts';
import { type ChangedVariable } from '../../desired/variables/changed-variables.ts';
import { ConfigInvalid } from '../../domain/error.ts';
import { actionsOf } from '../../domain/plan.ts';
import type { Annotation } from '../../domain/git/pull-request.ts';
import type { Secret } from '../../domain/secret.ts';
import { annotationText } from '../../report/plan/annotation-text.ts';
import type { ClusterPlan } from '../../report/plan/pull-request-report.ts';
import type { Versions } from './plan-clusters.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Number of files whose variables are compared; the plan covers the rest. */
const MOST_FILES = 100;

/**
 * Annotates mistakes, and the effect of each changed variable, at their lines in the head: the check belongs to the
 * head.
 */
export async function annotationsOf(
  plans: readonly ClusterPlan[],
  { base, wanted, changed }: Versions,
  head: ConfigSource,
  vaultPassword: Secret | undefined,
): Promise<readonly Annotation[]> {
  const mistakes = plans.flatMap((each) =>
    'error' in each && each.error instanceof ConfigInvalid ? each.error.problems : [],
  );
  const placed: Annotation[] = [];
  for (const { file, line, message } of mistakes) {
    const at = await lineAtHead(file, line, wanted, head);
    if (at !== null) placed.push({ path: file, line: at, level: 'failure', title: 'redisops: a mistake', message });
  }

  const paths = changed.filter((path) => /\.ya?ml$/.test(path)).slice(0, MOST_FILES);
  const [merged, atHead] = await Promise.all(
    [wanted, head].map((after) => changedVariables(after, base, paths, vaultPassword)),
  );
  const actions = plans.flatMap((each) => ('plan' in each ? actionsOf(each.plan) : []));
  const counts = (variable: ChangedVariable): boolean =>
    merged?.some(({ path, name }) => path === variable.path && name === variable.name) ?? false;
  const variables = (atHead ?? []).filter(counts).map((variable): Annotation => {
    return { path: variable.path, line: variable.line, ...annotationText(variable, actions) };
  });
  return [...placed, ...variables];
}

/** The line with the same text, nearest to its position after the merge; null if the head has no such file. */
async function lineAtHead(
  path: string,
  line: number,
  wanted: ConfigSource,
  head: ConfigSource,
): Promise<number | null> {
  const [merged, own] = await Promise.all([wanted, head].map((source) => source.read(path).catch(() => null)));
  if (own === null || own === undefined) return null;
  const lines = own.split('\n');
  const text = (merged ?? own).split('\n')[line - 1];
  const same = lines.flatMap((each, at) => (each === text ? [at + 1] : []));
  const nearest = same.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line))[0];
  return nearest ?? Math.max(1, Math.min(line, lines.length));
}
