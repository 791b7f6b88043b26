import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** Redis’s data files, in the folders of Git, of every redis.conf on the node, and of Debian. */
export const dataFilesFact: Fact<readonly DataFile[]> = {
  script: fragment`
${DATA_FILES}
(
  set -- "$directory" /var/lib/redis
  while IFS= read -r folder; do [ -z "$folder" ] || set -- "$@" "$folder"; done <<FOLDERS
$(sed -nE '/^[[:space:]]*dir[[:space:]]+/I{s///;s/"//g;p}' -- "$conf" /etc/redis/*.conf 2>/dev/null)
FOLDERS
  data_files "$@"
)`,
  parse: parseDataFiles,
};
