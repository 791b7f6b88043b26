import { expect, it } from 'vitest';
import { sentinelOverview } from '../../../src/report/parts/sentinels.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { masterSeenBy, NAMES, sentinel } from '../../sentinels.ts';

const cluster = desiredCluster();

/** The names of the overview, where each Sentinel knows the others at these hosts. */
function shown(hosts: (host: string) => readonly string[]): readonly string[] {
  const observed = healthy(cluster).map((facts) => {
    const peers = masterSeenBy(facts.name).peers.flatMap((peer) => hosts(peer.host).map((host) => ({ ...peer, host })));
    return facts.reachable ? { ...facts, sentinel: sentinel(facts.name, { master: { peers } }) } : facts;
  });
  return sentinelOverview(cluster, observed)?.sentinels.map(({ name }) => name) ?? [];
}

it.each<[string, (host: string) => readonly string[], readonly string[]]>([
  ['as they are', (host) => [host], []],
  ['in another spelling', (host) => [`::ffff:${host}`], []],
  ['beside one outside the inventory', (host) => [host, '2001:db8::1', '2001:DB8:0::1'], ['2001:db8::1:26379']],
])('lists each Sentinel once, known %s', (_, hosts, outside) => {
  expect(shown(hosts)).toEqual([...NAMES, ...outside]);
});
