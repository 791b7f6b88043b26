import type { Given } from '../variables/host-variables.ts';
import type { Entry } from '../yaml/value.ts';
import type { FoundTemplate } from './found-template.ts';

/**
 * Whether two tasks write the same file, as far as the names go that its template uses.
 * @param used Null for any name.
 */
export function isSameOutcome(one: FoundTemplate, other: FoundTemplate, used: ReadonlySet<string> | null): boolean {
  if (one.path !== other.path || JSON.stringify([...one.options]) !== JSON.stringify([...other.options])) return false;
  const names =
    used ?? new Set([one, other].flatMap(({ scope }) => [...scope.variables.keys(), ...(scope.given?.keys() ?? [])]));
  return [...names].every((name) => seenIn(one, name) === seenIn(other, name));
}

function seenIn({ scope }: FoundTemplate, name: string): string {
  return ofGiven(scope.given?.get(name)) ?? ofEntry(scope.variables.get(name));
}

function ofGiven(given: Given | undefined): string | undefined {
  if (!given) return undefined;
  if (given.kind === 'refused') return given.message;
  const { value } = given.tracked;
  // Objects are compared by where they come from only: each walk makes its own.
  return typeof value === 'object' && value !== null ? 'made' : `made ${typeof value} ${String(value)}`;
}

function ofEntry(entry: Entry | undefined): string {
  return entry ? `${entry.at.file}:${entry.at.line}:${entry.at.column}` : '';
}
