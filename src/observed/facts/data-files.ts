import { DATA_FILES, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** What a stopped Redis has on disk, where its present redis.conf keeps it and where Git wants it. */
export const dataFilesFact: Fact<readonly DataFile[], 'unit'> = {
  after: ['unit'],
  script: fragment`
${DATA_FILES}
case $state in
  *ActiveState=active*) ;;
  *)
    now=$(sed -nE 's/^[[:space:]]*dir[[:space:]]+//Ip' -- "$conf" 2>/dev/null | tail -n 1 | tr -d '"')
    data_files "$directory" "\${now:-$directory}" ;;
esac`,
  parse: parseDataFiles,
};
