import { watcherAt, type SentinelWatch, type Watcher } from './sentinel-watch.ts';
import { sameAddress } from '../replication/address.ts';
import type { Endpoint } from '../replication/endpoint.ts';
import { isDown } from '../sentinel/replies.ts';

/** What that Sentinel lists, is down, and no node and no running Sentinel explains. It never forgets it by itself. */
export function ghostsOf({ node, master }: Watcher, watch: SentinelWatch): readonly string[] {
  const { identities } = watch;
  return [
    ...master.replicas
      .filter((each) => isDown(each.flags) && identities.nodeAt(each, node) === null)
      .map(({ host, port }) => `replica ${host}:${port}`),
    ...master.peers
      .filter((each) => each.port === 0 || (isDown(each.flags) && !watcherAt(each, watch) && !isExpected(each, watch)))
      .map(({ host, port }) => `Sentinel ${host}:${port}`),
  ];
}

/** Git asks for a Sentinel on that host: it is missing, not gone. */
function isExpected({ host }: Endpoint, { missing }: SentinelWatch): boolean {
  return missing.some(({ address }) => sameAddress(address, host));
}
