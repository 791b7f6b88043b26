import { Problems } from '../source/problems.ts';
import { destinationOf } from './connection-variables.ts';
import type { HostVariables } from './host-variables.ts';
import type { Variables } from './node-variables.ts';
import type { LayeredVariables } from './repository-variables.ts';
import { resolved } from './resolved-variables.ts';
import { readBoolean, readText } from './variable-value.ts';

/**
 * What counts beside the repository’s own template: how a host is reached, and whether it runs Sentinel. Everything
 * else is what the template prints. Team variables may have the names of redisops’ own: they are never mistakes, and
 * where they do not fit they are not meant for redisops.
 */
export function besideTemplate(
  { ofGroups, own }: LayeredVariables,
  host: HostVariables,
  problems: Problems,
): { ofGroups: Variables; all: Variables } {
  // How a host is reached does not change what is printed for it.
  const ofReach = new Problems();
  const reached = resolved(destinationOf(new Map([...ofGroups, ...own])), host, ofReach);
  problems.addAllPrinted(ofReach);
  const ours = resolved(
    named(ofGroups, /^redis_(?:enable_(?:replication|sentinel)|master_host|sentinel_\w+)$/),
    host,
    new Problems(),
  );
  const meant = new Map(
    [...ours].filter(
      ([name, { value }]) => isMeant(name, ours) && (/_enable_/.test(name) ? readBoolean(value) : readText(value)).ok,
    ),
  );
  const ofCluster = new Map([...reached, ...meant]);
  return { ofGroups: ofCluster, all: ofCluster };
}

function isMeant(name: string, ours: Variables): boolean {
  if (!name.startsWith('redis_sentinel_')) return true;
  const enabled = ours.get('redis_enable_sentinel');
  return enabled !== undefined && readBoolean(enabled.value).ok;
}

function named(variables: Variables, pattern: RegExp): Variables {
  return new Map([...variables].filter(([name]) => pattern.test(name)));
}
