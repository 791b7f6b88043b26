import { directiveInfo, SECRET_DIRECTIVES } from '../redis/directives.ts';
import type { Drift } from '../drift/drift.ts';

/** What Git could adopt from the nodes, for the whole cluster. */
export interface Keepable {
  /** Values of the running Redis by directive, as shown by CONFIG GET. */
  directives: ReadonlyMap<string, string>;
  /** Inventory name of the observed master; null if Git nominates it. */
  master: string | null;
  /** The differences that this would end. */
  drifts: readonly Drift[];
}

/**
 * What Git could adopt: no secrets, no truncated values, and no directive with several values that differ from Git.
 * Null if nothing.
 */
export function keepableOf(drifts: readonly Drift[]): Keepable | null {
  const running = drifts.filter(isPlainDirective);
  const values = (name: string) =>
    new Set(running.filter(({ subject }) => subject === name).map(({ actual }) => actual));
  const agreed = running.filter(({ subject }) => values(subject).size === 1);
  const nomination = drifts.filter(({ kind, subject }) => kind === 'role' && subject === 'master of the cluster');
  const kept = [...agreed, ...nomination];
  if (kept.length === 0) return null;
  return {
    directives: new Map(agreed.map(({ subject, actual }) => [subject, actual === '""' ? '' : actual])),
    master: nomination[0]?.actual ?? null,
    drifts: kept,
  };
}

function isPlainDirective({ kind, subject, actual }: Drift): boolean {
  if (kind !== 'running' || directiveInfo(subject) === null || SECRET_DIRECTIVES.has(subject)) return false;
  return !/[…•]/.test(actual);
}
