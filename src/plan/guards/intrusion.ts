import type { DesiredCluster } from '../../domain/desired.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import { suspicionsIn } from '../../domain/intrusion/suspicion.ts';
import { suspicionText, UNTOUCHED } from '../../domain/intrusion/words.ts';
import type { Blocker } from '../../domain/plan.ts';

/** A node that may have been broken into blocks every change of its cluster: a change would wipe the traces. */
export function intrusionBlockers(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Blocker[] {
  const place = ({ node }: { node: string }): number => desired.nodes.findIndex(({ name }) => name === node);
  const suspicions = suspicionsIn(desired, observed).toSorted((a, b) => place(a) - place(b));
  return suspicions.map((suspicion) => ({
    code: 'INTRUSION_SUSPECTED',
    node: suspicion.node,
    message: suspicionText(suspicion),
    hint: UNTOUCHED,
  }));
}

/** The other blockers of the plan. On a suspected node, following their hints would destroy evidence. */
export function withoutFixes(blockers: readonly Blocker[], intrusions: readonly Blocker[]): readonly Blocker[] {
  const suspected = new Set(intrusions.map(({ node }) => node));
  return blockers.map((blocker) =>
    suspected.has(blocker.node) ? { ...blocker, hint: 'Settle INTRUSION_SUSPECTED on this node first.' } : blocker,
  );
}
