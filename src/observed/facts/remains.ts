import { trimmed } from '../../domain/text/trim.ts';
import { z } from 'zod';
import { ASIDE_PREFIX, type Remain } from '../../domain/redis/remains.ts';
import type { Fact } from './fact.ts';
import { fragment, sh } from '../../domain/shell.ts';

const FIELDS = 4;
const MAXIMUM = 500;
const KEYS = 'keys read';

/** At most two levels deep, three inside a purge’s folders. */
const SEARCH = fragment`find . -xdev -mindepth 1 -maxdepth 3 -type d -path './*/*' ! -path './${ASIDE_PREFIX}*' -prune -o`;

/** $@ RDB files. */
const COUNT_KEYS = sh`
for file; do
  keys=$("\${NODE_SERVER:-redis}-check-rdb" "$file" 2>/dev/null | sed -n 's/.* \([0-9]*\) keys read.*/\1/p')
  printf '%s\0%s\0' "$keys" "$file"
done
`;

const entry = z.tuple([
  z.string().min(1),
  z.coerce.number().int().nonnegative(),
  z.string().regex(/^\d+(?:\.\d+)?$/),
  z.string().min(1),
]);
const count = z.tuple([z.string().regex(/^\d*$/), z.string().startsWith('./')]);

/**
 * Persistence files in the data directory and one level below, and files moved aside by an earlier purge. Does not
 * follow links. Counts keys as the redis user, because others may put files there.
 */
export const remainsFact: Fact<readonly Remain[]> = {
  // Fields end with NUL: no name can imitate another entry.
  script: fragment`
(
  cd -- "$directory" 2>/dev/null || exit 0
  any() { for path; do [ -e "$path" ] || [ -L "$path" ] && return 0; done; return 1; }
  # Most nodes have none: then no process is started.
  any ./*.rdb ./*.aof ./*/*.rdb ./*/*.aof ./*/*.manifest ./${ASIDE_PREFIX}* || exit 0
  # A folder that Redis cannot read now is listed by root: its files are not absent, and none of them is read.
  reader=as_redis
  as_redis test -r . -a -x . || reader=
  $reader ${SEARCH} \
    '(' -path './${ASIDE_PREFIX}*' -o -name '*.rdb' -o -name '*.aof' -o -name '*.manifest' ')' \
    -printf '%y\0%s\0%T@\0%P\0' 2>/dev/null | head -z -n ${FIELDS * MAXIMUM}
  printf '%s\0' ${KEYS}
  any ./*.rdb ./*/*.rdb ./${ASIDE_PREFIX}*/*/*.rdb || exit 0
  # shellcheck disable=SC2016 # the script is for find’s shell to expand
  as_redis ${SEARCH} \
    -type f -name '*.rdb' -size -1025c -exec sh -c ${COUNT_KEYS} count '{}' +
)
true`,
  parse(stdout) {
    const fields = trimmed(stdout, '\n').split('\0');
    const end = fields.indexOf(KEYS);
    const listed = end === -1 ? [] : fields.slice(0, end);
    const keys = keysOf(fields.slice(end + 1));
    return groups(listed, FIELDS)
      .map((group): Remain => {
        const [type, bytes, modified, path] = entry.parse(group);
        return { path, type: typeOf(type), bytes, modified, keys: keys.get(path) ?? null };
      })
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  },
};

function keysOf(fields: readonly string[]): ReadonlyMap<string, number> {
  const counts = groups(fields, 2).map((group) => count.parse(group));
  return new Map(counts.flatMap(([keys, path]) => (keys === '' ? [] : [[path.slice(2), Number(keys)] as const])));
}

function groups(fields: readonly string[], size: number): readonly (readonly string[])[] {
  const whole = Math.floor(fields.length / size);
  return Array.from({ length: whole }, (_, at) => fields.slice(at * size, (at + 1) * size));
}

function typeOf(letter: string): Remain['type'] {
  if (letter === 'f') return 'file';
  return letter === 'd' ? 'directory' : 'other';
}
