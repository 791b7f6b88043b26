import { TLS_FILES } from '../redis/directive-kind.ts';
import type { RedisConf } from '../redis/redis-conf.ts';

export interface NeededFile {
  directive: string;
  kind: 'file' | 'folder';
  path: string;
}

/** Directives whose first word is a file that Redis must find at start. */
const DIRECTIVES: readonly string[] = ['include', 'loadmodule', ...TLS_FILES];
/** Directives whose file Redis creates at start, in a folder that must exist. */
const CREATED: readonly string[] = ['logfile', 'unixsocket'];
/** systemd makes the unit’s RuntimeDirectory= at each start. */
const MADE_AT_START = /^(?:\/var)?\/run\//;

/**
 * Files and folders without which Redis does not start, but for its aclfile (`ACL_FILE_MISSING`). Not patterns of `include`: those may
 * match nothing.
 */
export function neededFiles(conf: RedisConf): readonly NeededFile[] {
  return [...namedFiles(conf), ...foldersOfCreated(conf)];
}

function foldersOfCreated(conf: RedisConf): readonly NeededFile[] {
  return CREATED.flatMap((directive): readonly NeededFile[] => {
    const path = conf.get(directive) ?? '';
    const folder = path.slice(0, path.lastIndexOf('/'));
    return folder.startsWith('/') && !MADE_AT_START.test(path) ? [{ directive, kind: 'folder', path: folder }] : [];
  });
}

function namedFiles(conf: RedisConf): readonly NeededFile[] {
  return DIRECTIVES.flatMap((directive) =>
    conf.linesOf(directive).flatMap(([path = '']): readonly NeededFile[] => {
      const isFile = path.startsWith('/') && !(directive === 'include' && /[*?[]/.test(path));
      return isFile ? [{ directive, kind: 'file', path }] : [];
    }),
  );
}
