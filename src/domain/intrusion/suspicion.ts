import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts } from '../facts.ts';
import type { SeenSign, Sign } from '../traces/seen-sign.ts';
import { signsNow } from './signs.ts';

/** A node’s signs are an intruder’s to choose. */
const MOST = 100;

/** What is remembered of a cluster’s nodes, by name. */
export type SeenSigns = Readonly<Record<string, readonly SeenSign[]>>;

/** A node that may have been broken into. */
export interface Suspicion {
  node: string;
  /** Signs that nobody has acknowledged. */
  signs: readonly Sign[];
  /** When the first of them was noticed; null without a memory. ISO 8601. */
  since: string | null;
}

/**
 * Adds the signs of this look. A sign that nobody has acknowledged stays when it vanishes: an intruder cleans up. An
 * acknowledged one is forgotten with its cause, so that it counts again when it returns.
 */
export function nextSigns(
  known: SeenSigns,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  at: string,
): SeenSigns {
  const nodes = observed.map((facts) => {
    const before = known[facts.name] ?? [];
    const shown = signsNow(facts, desired, observed);
    // What a node that could not be read would have shown is unknown.
    const isRead = facts.reachable && facts.redis.state === 'up';
    const kept = before.filter((seen) => isOpen(seen) || !isRead || shown.includes(seen.sign));
    const found = shown.filter((sign) => !kept.some((seen) => seen.sign === sign)).map((sign) => ({ sign, at }));
    return [facts.name, [...kept, ...found].slice(0, MOST)] as const;
  });
  return { ...known, ...Object.fromEntries(nodes.filter(([name, signs]) => signs.length > 0 || known[name])) };
}

/** Signs that nobody has acknowledged, by node. */
export function openSigns(known: SeenSigns): SeenSigns {
  const open = Object.entries(known).map(([node, signs]) => [node, signs.filter(isOpen)] as const);
  return Object.fromEntries(open.filter(([, signs]) => signs.length > 0));
}

/** With these signs changed alike: acknowledged, or asked for. Signs found since stay as they are. */
export function withAnswer(known: SeenSigns, these: SeenSigns, answer: Partial<SeenSign>): SeenSigns {
  const nodes = Object.entries(known).map(([node, signs]) => {
    const meant = new Set(these[node]?.map(({ sign }) => sign));
    return [node, signs.map((seen) => (meant.has(seen.sign) ? { ...seen, ...answer } : seen))] as const;
  });
  return Object.fromEntries(nodes);
}

function isOpen({ acknowledged }: SeenSign): boolean {
  return acknowledged === undefined;
}

/** The suspected nodes, in the inventory’s order. */
export function suspicionsIn(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Suspicion[] {
  return observed.flatMap((facts) => suspicionOn(facts, desired, observed) ?? []);
}

/** Null for a node without signs. Without a memory, every sign counts that it shows now. */
export function suspicionOn(
  facts: NodeFacts,
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
): Suspicion | null {
  const open = facts.signs?.filter(isOpen);
  const signs = open?.map(({ sign }) => sign) ?? signsNow(facts, desired, observed);
  return signs.length === 0 ? null : { node: facts.name, signs, since: open?.[0]?.at ?? null };
}
