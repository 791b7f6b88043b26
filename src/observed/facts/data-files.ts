import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** Redis’s data files, in the folders of Git, of every redis.conf on the node, and of Debian. */
export const dataFilesFact: Fact<readonly DataFile[]> = {
  script: fragment`
${DATA_FILES}
folders_in() { sed -nE 's/^[[:space:]]*dir[[:space:]]+//Ip' -- "$@" 2>/dev/null | tr -d '"'; }
now=$(folders_in "$conf" | tail -n 1)
(
  set -- "$directory" "\${now:-$directory}" /var/lib/redis
  while IFS= read -r folder; do [ -z "$folder" ] || set -- "$@" "$folder"; done <<FOLDERS
$(folders_in /etc/redis/*.conf)
FOLDERS
  data_files "$@"
)`,
  parse: parseDataFiles,
};
