import type { Action } from '../../domain/action.ts';
import { directiveInfo } from '../../domain/redis/directives.ts';
import type { Annotation } from '../../domain/git/pull-request.ts';
import { nodesOf } from '../parts/action-text.ts';
import { listed } from '../text/format.ts';

/**
 * The effect of a changed variable, for its line: live or by a restart, and on which nodes. No values: the line shows
 * them.
 */
export function annotationText(
  { name, directive }: { name: string; directive: string | null },
  actions: readonly Action[],
): Pick<Annotation, 'level' | 'title' | 'message'> {
  const title = `redisops: ${name}`;
  const live = actions.filter(
    (action) => action.kind === 'config-set' && action.changes.some((change) => change.directive === directive),
  );
  const disturbs = live.some(({ disruptive }) => disruptive);
  if (live.length > 0) {
    const message = `Set live on ${listed(nodesOf(live))}, without a restart.${disturbs ? ' Clients may notice: see the plan.' : ''}`;
    return { level: disturbs ? 'warning' : 'notice', title, message };
  }
  const restarts = actions.filter(({ kind }) => kind === 'restart-unit');
  const info = directive === null ? null : directiveInfo(directive);
  if (info?.change === 'restart' && restarts.length > 0)
    return { level: 'warning', title, message: `Needs a restart of ${listed(nodesOf(restarts))}.` };
  if (info?.change === 'restart') return { level: 'notice', title, message: 'Redis reads this only when it starts.' };
  const nodes = nodesOf(actions);
  const message =
    nodes.length === 0 ? 'Nothing to do: the nodes already match.' : `Part of the plan for ${listed(nodes)}.`;
  return { level: actions.some(({ disruptive }) => disruptive) ? 'warning' : 'notice', title, message };
}
