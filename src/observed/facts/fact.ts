import type { Fragment } from '../../domain/shell.ts';

/**
 * One reading of a host: a piece of shell and a pure parser of what it prints. `facts.ts` lists them all. The pieces run
 * as root, one after the other, in one shell, and only read. They may use the parameters of `host-script.ts`: `$unit`,
 * `$package`, `$port`, `$directory`, `$log`, `$conf`, `$dropin`, in `"$@"` the paths that the desired state names, and the
 * function `as_redis`. Shell variables of another fact need that fact in `after`.
 */
export interface Fact<T, Before extends string = never> {
  /** The facts that must run first, by their names in the list. */
  after?: readonly Before[];
  /** Shell variables that the script leaves to the facts that come after it. */
  exports?: readonly string[];
  /** The output is long, and the answer may be cut off at its limit: runs last, so that no other fact is lost. */
  long?: true;
  script: Fragment;
  /** @throws Error when the text cannot be what the script prints. */
  parse(stdout: string): T;
}

/** Lines with something in them. */
export function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}
