import { duration } from '../../domain/text/figures.ts';
import type { Risk } from '../../domain/plan.ts';
import type { Pair } from '../roles/topology.ts';

/** Beyond this, keys visibly expire early or late, and logs do not match. */
const MOST_APART_MS = 5000;

interface Reading {
  name: string;
  least: number;
  most: number;
}

/** The two clocks furthest apart, of the nodes and this program, if certainly apart. */
export function clockRisks(pairs: readonly Pair[]): readonly Risk[] {
  const clocks = pairs.map(({ desired, facts }) => {
    return { name: desired.name, clock: facts.reachable ? facts.host.preflight.clock : undefined };
  });
  const unread = clocks.filter(({ clock }) => clock === null);
  const read = clocks.flatMap(({ name, clock }): Reading[] =>
    clock ? [{ name, least: clock.leastAheadMs, most: clock.mostAheadMs }] : [],
  );
  return [
    ...unread.map(({ name: node }): Risk => ({
      code: 'HOST_UNKNOWN',
      node,
      message: `${node}’s clock could not be read.`,
    })),
    ...apart([...read, { name: 'redisops itself', least: 0, most: 0 }]),
  ];
}

function apart(readings: readonly Reading[]): readonly Risk[] {
  const ahead = readings.reduce((first, each) => (each.least > first.least ? each : first));
  const behind = readings.reduce((first, each) => (each.most < first.most ? each : first));
  const difference = ahead.least - behind.most;
  if (difference < MOST_APART_MS) return [];
  return [
    {
      code: 'CLOCKS_DIFFER',
      node: null,
      message: `The clock of ${ahead.name} is ${duration(difference)} ahead of that of ${behind.name}: keys with a time to live end by the clock of the current master. Check chrony or systemd-timesyncd.`,
    },
  ];
}
