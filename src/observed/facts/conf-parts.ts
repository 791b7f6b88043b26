import { Buffer } from 'node:buffer';
import type { ConfPart } from '../../domain/facts.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { SensitiveText } from '../../domain/secret.ts';
import { fragment } from '../../domain/shell.ts';
import type { Fact } from './fact.ts';

/**
 * The files that redis.conf includes, its aclfile, and the aclfile that Git asks for. Read as the redis user. `$places`
 * also has its `dir`.
 */
export const confPartsFact: Fact<readonly ConfPart[]> = {
  exports: ['places', 'values_of'],
  script: fragment`
part() {
  printf '%s %s ' "$1" "$2"
  # Opening a FIFO would hang.
  [ ! -f "$2" ] || as_redis head -c 65536 -- "$2" | base64 --wrap=0
  printf '\n'
}
values_of() {
  names=$1
  shift
  as_redis sed -nE "s/^[[:space:]]*($names)[[:space:]]+\"?([^\"]*[^\"[:space:]])\"?[[:space:]]*\$/\1 \2/Ip" -- "$@"
}
places=
[ ! -f "$conf" ] || places=$(values_of 'include|aclfile|dir' "$conf")
places_left=50
while read -r directive pattern; do
  case $directive in [IiAa]*) ;; *) continue ;; esac
  [ "$((places_left -= 1))" -ge 0 ] || break
  # shellcheck disable=SC2086 # Redis expands the wildcards of include
  for path in $pattern; do part "$directive" "$path"; done
done <<PLACES
$places
PLACES
[ -z "$aclfile" ] || part wanted "$aclfile"`,
  parse: (stdout) =>
    stdout.split('\n').flatMap((line): ConfPart[] => {
      const [, directive = '', path = '', text = ''] = /^(\w+) (.*) ([\w+/=]*)$/.exec(line) ?? [];
      const kind = KINDS[directive.toLowerCase()];
      if (!kind) return [];
      const content = RedisConf.parse(new SensitiveText(Buffer.from(text, 'base64').toString('utf8')));
      return [{ kind, path, content }];
    }),
};

const KINDS: Readonly<Record<string, ConfPart['kind']>> = {
  include: 'include',
  aclfile: 'aclfile',
  wanted: 'wanted aclfile',
};
