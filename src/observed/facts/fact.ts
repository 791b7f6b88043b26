import type { Fragment } from '../../domain/shell.ts';

/**
 * One reading of a host: a shell fragment and a pure parser for its output. `facts.ts` lists them all. The fragments
 * run as root, one after the other, in one shell, and only read. They may use the parameters of `host-script.ts`:
 * `$unit`, `$package`, `$port`, `$directory`, `$log`, `$conf`, `$dropin`, the paths of the desired state in `"$@"`, and
 * the function `as_redis`; `$NODE_SERVER` is set for every script. To use another fact’s variables, name it in `after`.
 */
export interface Fact<T, Before extends string = never> {
  /** Names of the facts that must run first. */
  after?: readonly Before[];
  /** Shell variables and functions for later facts. */
  exports?: readonly string[];
  /** The output is long and may be truncated: runs last, so that no other fact is lost. */
  long?: true;
  script: Fragment;
  /** @throws Error if the script cannot have printed this. */
  parse(stdout: string): T;
}

/** Non-empty lines. */
export function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}
