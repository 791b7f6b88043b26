import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/text/nearest.ts';

/** The node’s inventory name, ignoring case. @throws UNKNOWN_NODE */
export function knownNode(typed: string, { nodes, cluster }: DesiredCluster): string {
  const names = nodes.map(({ name }) => name);
  const known = names.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (known !== undefined) return known;
  throw new RedisopsError('UNKNOWN_NODE', `${cluster} has no node “${typed}”.${didYouMean(typed, names)}`, {
    hint: `Its nodes are ${names.join(', ')}.`,
  });
}
