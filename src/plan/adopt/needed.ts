import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import type { ConfLine } from '../../domain/redis/redis-conf.ts';

const EVERYWHERE = /^-?(?:\*|0\.0\.0\.0|::|::\*)$/;

/** A kept line as far as replication allows: the node’s replicas and master must be able to reach it. */
export function neededValue(line: ConfLine, node: DesiredNode, desired: DesiredCluster): readonly ConfLine[] {
  if (!desired.replication) return [line];
  switch (line.name) {
    case 'bind':
      return [{ ...line, parameters: reachable(line.parameters, node.address) }];
    case 'protected-mode':
      // Without a password, protected mode admits no other host.
      return desired.password || line.parameters[0]?.toLowerCase() === 'no' ? [line] : [];
    default:
      return [line];
  }
}

function reachable(addresses: readonly string[], own: string): readonly string[] {
  const isBound = addresses.some((address) => EVERYWHERE.test(address) || address.replace(/^-/, '') === own);
  return isBound ? addresses : [...addresses, own];
}
