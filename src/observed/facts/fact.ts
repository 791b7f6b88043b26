import type { Fragment } from '../../domain/shell.ts';
/**
 * One reading of a host: a piece of shell and a pure parser of what it prints. The pieces are run as root, one after the
 * other, in one shell; none writes anything. They may use `$unit`, `$package`, `$port`, `$directory`, `$log`, `$conf`, `$dropin`,
 * in `"$@"` the paths that the desired state names, and `as_redis`; see `host-script.ts`.
 */
export interface Fact<T> {
  name: string;
  script: Fragment;
  /** @throws Error when the text cannot be what the script prints. */
  parse(stdout: string): T;
}

/** Lines with something in them. */
export function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}
