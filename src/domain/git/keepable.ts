import { directiveInfo, SECRET_DIRECTIVES } from '../redis/directives.ts';
import type { Drift } from '../drift/drift.ts';

/** What Git could take from the nodes, for the whole cluster. */
export interface Keepable {
  /** Values of the running Redis, by directive, as CONFIG GET shows them. */
  directives: ReadonlyMap<string, string>;
  /** Inventory name of the master that the nodes have; null where Git nominates that one. */
  master: string | null;
  /** The differences that would be none then. */
  drifts: readonly Drift[];
}

/**
 * Of what the nodes run, what could stand in Git: no secret, nothing that was cut, and no directive of which the nodes have
 * several values that are not Git’s. Null where there is nothing.
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
