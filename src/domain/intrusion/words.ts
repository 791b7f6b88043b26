import type { SeenSigns, Suspicion } from './suspicion.ts';

/** What a person does about a suspected node. */
export const UNTOUCHED =
  'Isolate the host from the network, but leave it running. `acknowledge` keeps the evidence, and then releases the node.';

const SHOWN = 4;

/** `redis-02 may have been broken into: it saves its data in /etc; …`. */
export function suspicionText({ node, signs }: Pick<Suspicion, 'node' | 'signs'>): string {
  const more = signs.length > SHOWN ? `; and ${signs.length - SHOWN} more` : '';
  return `${node} may have been broken into: ${signs.slice(0, SHOWN).join('; ')}${more}.`;
}

/** All signs of all nodes, a sentence each; empty without any. */
export function signsText(signs: SeenSigns): string {
  const nodes = Object.entries(signs).map(([node, seen]) =>
    suspicionText({ node, signs: seen.map(({ sign }) => sign) }),
  );
  return nodes.join(' ');
}
