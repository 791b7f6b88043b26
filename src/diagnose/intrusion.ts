import { exposureOf } from '../domain/intrusion/exposure.ts';
import { suspicionOn } from '../domain/intrusion/suspicion.ts';
import { suspicionText, UNTOUCHED } from '../domain/intrusion/words.ts';
import type { Rule } from './rule.ts';

const AFTERWARDS = 'Then rebuild the host from a clean image, and change every password and key that was on it.';

/** Before every other cause: their remedies would wipe the traces. */
export const intrusionSuspected: Rule = (facts, _node, desired, observed) => {
  const suspicion = suspicionOn(facts, desired, observed);
  if (!suspicion) return [];
  return [
    {
      id: 'INTRUSION_SUSPECTED',
      node: suspicion.node,
      since: suspicion.since,
      cause: suspicionText(suspicion),
      evidence: [...suspicion.signs, ...exposureOf(facts).map((each) => `Exposed: ${each}`)],
      byHand: `${UNTOUCHED} ${AFTERWARDS}`,
    },
  ];
};
