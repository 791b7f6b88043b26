import { TLS_FILES } from '../redis/directive-kind.ts';
import type { RedisConf } from '../redis/redis-conf.ts';

export interface NeededFile {
  directive: string;
  path: string;
}

/** Directives whose first word is a file that Redis must find at start. */
const DIRECTIVES: readonly string[] = ['include', 'loadmodule', ...TLS_FILES];

/**
 * Files without which Redis does not start, but for its aclfile (`ACL_FILE_MISSING`). Not patterns of `include`: those may
 * match nothing.
 */
export function neededFiles(conf: RedisConf): readonly NeededFile[] {
  return DIRECTIVES.flatMap((directive) =>
    conf.linesOf(directive).flatMap(([path = '']): readonly NeededFile[] => {
      const isFile = path.startsWith('/') && !(directive === 'include' && /[*?[]/.test(path));
      return isFile ? [{ directive, path }] : [];
    }),
  );
}
