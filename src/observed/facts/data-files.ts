import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** Redis’s data files, in the folders of Git, of every redis.conf on the node, and of Debian. */
export const dataFilesFact: Fact<readonly DataFile[]> = {
  script: fragment`
${DATA_FILES}
folders_in() { sed -nE 's/^[[:space:]]*dir[[:space:]]+//Ip' -- "$@" 2>/dev/null | tr -d '"'; }
now=$(folders_in "$conf" | tail -n 1)
{
  printf '%s\n' "$directory" "\${now:-$directory}" /var/lib/redis
  folders_in /etc/redis/*.conf
} | sort -u | while IFS= read -r folder; do data_files "$folder"; done | sort -u`,
  parse: parseDataFiles,
};
