import type { DesiredNode } from '../domain/desired.ts';
import type { Secret } from '../domain/secret.ts';

/**
 * One reading of a host: a shell script that only looks, and a pure parser of what it prints. The script finds the
 * node’s names in `$unit`, `$dir`, `$conf` and `$dropin`.
 */
export interface Fact<T> {
  script: string;
  /** @throws Error when the output is not as expected. */
  parse(stdout: string, about: About): T;
}

export interface About {
  node: DesiredNode;
  secrets: readonly Secret[];
}

/** `NAME=value` lines, as systemctl and others print them. */
export function assignments(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return new Map(pairs);
}

export function figure(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value))
    throw new Error(`not a figure: ${text ?? 'nothing'}`);
  return value;
}
