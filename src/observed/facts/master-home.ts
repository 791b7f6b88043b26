import { MASTER_HOME_FOLDER, parseMasterHome, type MasterHome } from '../../domain/replication/master-home.ts';
import { fragment } from '../../domain/shell.ts';
import type { Fact } from './fact.ts';

/** Where the master’s role belongs, if a run moved it to this node temporarily. */
export const masterHomeFact: Fact<MasterHome | null> = {
  script: fragment`
home=${MASTER_HOME_FOLDER}/$unit.master-home
[ ! -f "$home" ] || head -c 500 -- "$home"`,
  parse: parseMasterHome,
};
