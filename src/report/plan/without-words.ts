import { CODES } from '../../domain/code.ts';
import { ConfigInvalid, RedisopsError } from '../../domain/error.ts';
import type { ClusterPlan } from './pull-request-report.ts';

/**
 * Where something is wrong, and no more: a mistake may quote what a template made of a secret. Of those that depend on
 * a secret, not even where.
 */
export function withoutWords(each: ClusterPlan): ClusterPlan {
  if (!('error' in each)) return each;
  const { error, cluster } = each;
  const message = 'a mistake, which is not shown here';
  const places = error instanceof ConfigInvalid ? error.problems.filter(({ ofSecret }) => ofSecret !== true) : [];
  if (places.length > 0)
    return { cluster, error: new ConfigInvalid(places.map((problem) => ({ ...problem, message }))) };
  return { cluster, error: new RedisopsError(error.code, CODES[error.code].meaning, { hint: '' }) };
}
