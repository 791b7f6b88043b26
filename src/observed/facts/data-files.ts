import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** Redis’s data files, in the folders of Git, of every redis.conf on the node, and of Debian. */
export const dataFilesFact: Fact<readonly DataFile[], 'clock' | 'confParts'> = {
  after: ['clock', 'confParts'],
  script: fragment`
${DATA_FILES}
others=
for other in "/etc/\${NODE_SERVER:-redis}"/*.conf; do
  case $other in "$conf"|*sentinel*) ;; *) [ ! -f "$other" ] || others=yes ;; esac
done
[ -z "$others" ] ||
  others=$(
    set --
    for other in "/etc/\${NODE_SERVER:-redis}"/*.conf; do [ ! -f "$other" ] || set -- "$@" "$other"; done
    values_of dir "$@"
  )
(
  set -- "$directory"
  [ "$directory" = "/var/lib/\${NODE_SERVER:-redis}" ] || set -- "$@" "/var/lib/\${NODE_SERVER:-redis}"
  while IFS=' ' read -r directive folder; do
    case $directive:$folder in [Dd]*:/*) ;; *) continue ;; esac
    case " $* " in *" $folder "*) ;; *) set -- "$@" "$folder" ;; esac
  done <<PLACES
$places
$others
PLACES
  data_files "$@"
)`,
  parse: parseDataFiles,
};
