import { trimmed } from '../../domain/text/trim.ts';
import { z } from 'zod';
import type { FileFacts, PresentFile } from '../../domain/facts.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

const FIELDS = 6;
const MAXIMUM_REMAINS = 500;
const FAILED = 'stat could not be run';
const LINK = 'is a link';
/** A link that leads nowhere, or where the redis user may not look. */
const UNSEEN = 'unseen target of a link';
const NOT_FOLLOWED = 'symbolic link';
const REAL = 'leads to ';
const LOCKED = 'locked: ';
const HOLDS = 'holds ';
const MAXIMUM_NAMES = 200;

const lock = z.enum(['immutable', 'append-only', 'read-only', 'mount point']);

const entry = z.tuple([
  z.string(),
  z.string().min(1),
  z.string().min(1),
  z.string().regex(/^[0-7]{1,4}$/),
  z.coerce.number().int().nonnegative(),
  z.string().startsWith('/'),
]);

/**
 * Paths named by the desired state, and remains in the data directory; existing ones, by path. Of a missing data
 * directory the nearest folder above. Follows links, as Redis does and as its user.
 */
export const filesFact: Fact<ReadonlyMap<string, FileFacts>> = {
  // Fields end with NUL, and the name comes last: no name can imitate another entry. A status above 1 is not from stat
  // itself, and would make everything look absent.
  script: fragment`
stat_of() {
  "$@" 2>/dev/null
  [ $? -lt 2 ] || printf '%s\0' ${FAILED}
}
format='%F\0%U\0%G\0%a\0%s\0%n\0'
stat_of stat --printf "$format" -- "$@"
of_path() { printf '%s\0%s\0%s\0%s\0%s\0%s\0' "$1" - - 777 0 "$2"; }
# Without a link on the way, and spelled as the kernel would.
is_plain() {
  case $1 in *//*|*/./*|*/../*|*/|*/.|*/..) return 1 ;; esac
  way=$1
  while [ -n "$way" ]; do [ ! -L "$way" ] || return 1; way=\${way%/*}; done
}
for path in "$@"; do
  [ -L "$path" ] || [ "$path" = "$directory" ] || continue
  if [ -L "$path" ]; then
    # Redis may own the link: what it leads to is for Redis’s eyes.
    as_redis stat --dereference --printf "$format" -- "$path" || of_path ${UNSEEN} "$path"
    of_path ${LINK} "$path"
  fi
  is_plain "$path" && continue
  real=$(readlink -m -- "$path")
  [ "$real" = "$path" ] || ! as_redis test -r "$path" || of_path ${REAL}"$real" "$path"
done
above=$directory
while [ ! -e "$above" ]; do above=\${above%/*}; [ -n "$above" ] || above=/; done
[ "$above" = "$directory" ] || stat_of stat --dereference --printf "$format" -- "$above"
names_left=${MAXIMUM_NAMES}
for entry in "$directory"/* "$directory"/.[!.]* "$directory"/..?*; do
  [ -e "$entry" ] || [ -L "$entry" ] || continue
  of_path ${HOLDS}"\${entry##*/}" "$directory"
  [ "$((names_left -= 1))" -gt 0 ] || break
done
mounts=$(grep -F -e " $conf " -e " $dropin " /proc/self/mountinfo)
attributes=$(lsattr -d -- "$conf" "\${conf%/*}" "$dropin" "\${dropin%/*}" 2>/dev/null)
locked() {
  [ -e "$1" ] || return 0
  flags=
  while read -r each at; do case $at in "$1"|"\${1%/*}") flags=$flags$each ;; esac; done <<FLAGS
$attributes
FLAGS
  case $flags in
    *i*) of_path ${`${LOCKED}immutable`} "$1" ;;
    *a*) of_path ${`${LOCKED}append-only`} "$1" ;;
    *) if [ ! -w "$1" ] || [ ! -w "\${1%/*}" ]; then of_path ${`${LOCKED}read-only`} "$1"; fi ;;
  esac
  while read -r _ _ _ _ mount _; do [ "$mount" != "$1" ] || of_path ${`${LOCKED}mount point`} "$1"; done <<MOUNTS
$mounts
MOUNTS
}
locked "$conf"
locked "$dropin"
present() { for path; do [ -e "$path" ] || [ -L "$path" ] && return 0; done; return 1; }
remains() { present "$@" && stat_of as_redis stat --dereference --printf "$format" -- "$@"; }
remains "$directory"/*.rdb "$directory"/*.aof "$directory"/appendonlydir/*
true`,
  parse(stdout) {
    const fields = trimmed(stdout, '\n').split('\0');
    if (fields.includes(FAILED)) throw new Error(FAILED);
    const files = new Map<string, FileFacts>();
    for (let at = 0; at + FIELDS <= fields.length && files.size < MAXIMUM_REMAINS; at += FIELDS) {
      const [type, owner, group, mode, size, path] = entry.parse(fields.slice(at, at + FIELDS));
      if (type === NOT_FOLLOWED) continue;
      const known = files.get(path);
      const more = moreOf(type, known);
      if (!more) files.set(path, { exists: true, type: typeOf(type), owner, group, mode, size });
      else if (known?.exists) files.set(path, { ...known, ...more });
    }
    return files;
  },
};

/** A path’s further entries. */
function moreOf(type: string, known?: FileFacts): Partial<PresentFile> | null {
  if (type.startsWith(HOLDS)) {
    const before = known?.exists ? (known.holds ?? []) : [];
    return { holds: [...before, type.slice(HOLDS.length)] };
  }
  if (type === LINK) return { isLink: true };
  if (type.startsWith(LOCKED)) return { locked: lock.parse(type.slice(LOCKED.length)) };
  return type.startsWith(REAL) ? { realPath: type.slice(REAL.length) } : null;
}

function typeOf(word: string): 'file' | 'directory' | 'other' {
  if (word === 'directory') return 'directory';
  return word === 'regular file' || word === 'regular empty file' ? 'file' : 'other';
}
