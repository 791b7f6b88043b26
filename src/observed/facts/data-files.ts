import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** Redis’s data files, in the folder of the current redis.conf and in the one Git asks for. */
export const dataFilesFact: Fact<readonly DataFile[]> = {
  script: fragment`
${DATA_FILES}
now=$(sed -nE 's/^[[:space:]]*dir[[:space:]]+//Ip' -- "$conf" 2>/dev/null | tail -n 1 | tr -d '"')
data_files "$directory" "\${now:-$directory}"`,
  parse: parseDataFiles,
};
