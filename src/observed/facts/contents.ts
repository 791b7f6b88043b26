import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

export interface Contents {
  /** Null if there is no such file. */
  redisConf: FileContent | null;
  dropIn: FileContent | null;
}

export interface FileContent {
  /** Of a file whose bytes cannot be read; null for a link to one. */
  sha256: string | null;
  /** Null if the redis user may not read them. */
  bytes: Buffer | null;
}

/**
 * The two managed files. redis.conf is in a folder of the redis user, so it is read as that user; if that fails, only
 * its hash is known. The drop-in is in root’s folder.
 */
export const contentsFact: Fact<Contents> = {
  long: true,
  script: fragment`
content() {
  if [ -f "$1" ]; then
    printf 'file '
    "$2" base64 --wrap=0 -- "$1" || printf -- '-%s' "$([ -L "$1" ] || timeout 2 dd if="$1" iflag=nofollow,nonblock status=none 2>/dev/null | sha256sum | cut -d ' ' -f 1)"
  fi
  printf '\n'
}
unless_link() { [ ! -L "$dropin" ] && "$@"; }
content "$conf" as_redis
content "$dropin" unless_link`,
  parse(stdout) {
    const [redisConf, dropIn] = stdout.split('\n');
    return { redisConf: contentOf(redisConf), dropIn: contentOf(dropIn) };
  },
};

function contentOf(line: string | undefined): FileContent | null {
  const found = /^file ([^-]*)(-([\da-f]{64})?)?$/.exec(line ?? '');
  if (!found) return null;
  const [, text = '', missed, sha256 = null] = found;
  return missed === undefined ? { sha256: null, bytes: Buffer.from(text, 'base64') } : { sha256, bytes: null };
}
