import type { UnitFacts } from '../../domain/facts.ts';
import { assignments, figure, type Fact } from '../fact.ts';

const PROPERTIES =
  'LoadState,ActiveState,SubState,UnitFileState,Result,MainPID,NRestarts,NeedDaemonReload,DropInPaths,ReadWritePaths,ProtectSystem,Job';

export interface Units {
  redis: UnitFacts;
  sentinelActive: boolean;
}

/** Both units in one call; systemctl prints them one after the other, with an empty line between. */
export const unitsFact: Fact<Units> = {
  script: `systemctl show -p ${PROPERTIES} "$unit" redis-sentinel.service`,
  parse(stdout) {
    const [redis = '', sentinel = ''] = stdout.trim().split(/\n\n+/);
    return { redis: unitOf(redis), sentinelActive: assignments(sentinel).get('ActiveState') === 'active' };
  },
};

function unitOf(text: string): UnitFacts {
  const properties = assignments(text);
  const word = (name: string): string => {
    const value = properties.get(name);
    if (value === undefined) throw new Error(`systemctl did not say ${name}`);
    return value;
  };
  const list = (name: string): readonly string[] =>
    (properties.get(name) ?? '').split(' ').filter((each) => each !== '');
  return {
    loadState: word('LoadState'),
    activeState: word('ActiveState'),
    subState: word('SubState'),
    unitFileState: properties.get('UnitFileState') ?? '',
    result: properties.get('Result') ?? '',
    mainPid: figure(properties.get('MainPID') ?? '0'),
    restarts: figure(properties.get('NRestarts') ?? '0'),
    needDaemonReload: word('NeedDaemonReload') === 'yes',
    dropInPaths: list('DropInPaths'),
    readWritePaths: list('ReadWritePaths'),
    protectSystem: properties.get('ProtectSystem') ?? '',
    jobPending: !['', '0'].includes((properties.get('Job') ?? '').trim()),
  };
}
