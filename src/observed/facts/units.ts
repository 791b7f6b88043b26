import { z } from 'zod';
import type { UnitFacts } from '../../domain/facts.ts';
import type { Fact } from './fact.ts';

export interface Units {
  redis: UnitFacts;
  sentinelActive: boolean;
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'Result',
  'MainPID',
  'NRestarts',
  'NeedDaemonReload',
  'DropInPaths',
  'ReadWritePaths',
  'ProtectSystem',
  'Job',
];

const words = z
  .string()
  .default('')
  .transform((text) => text.split(' ').filter((word) => word !== ''));
const count = z.coerce.number().int().nonnegative().default(0);
const text = z.string().default('');

/** `systemctl show`. A unit that is not there still has a LoadState: `not-found`. */
const unit = z
  .object({
    LoadState: z.string().min(1),
    ActiveState: z.string().min(1),
    SubState: text,
    UnitFileState: text,
    Result: text,
    MainPID: count,
    NRestarts: count,
    NeedDaemonReload: text,
    DropInPaths: words,
    ReadWritePaths: words,
    ProtectSystem: text,
    Job: text,
  })
  .transform((shown): UnitFacts => ({
    loadState: shown.LoadState,
    activeState: shown.ActiveState,
    subState: shown.SubState,
    unitFileState: shown.UnitFileState,
    result: shown.Result,
    mainPid: shown.MainPID,
    restarts: shown.NRestarts,
    needDaemonReload: shown.NeedDaemonReload === 'yes',
    dropInPaths: shown.DropInPaths,
    readWritePaths: shown.ReadWritePaths,
    protectSystem: shown.ProtectSystem,
    jobPending: shown.Job !== '' && shown.Job !== '0',
  }));

/** The answer stays in `$units`: other facts ask it whether the unit failed. */
export const unitsFact: Fact<Units> = {
  name: 'units',
  script: [
    `units=$(systemctl show --no-pager --property=${PROPERTIES.join(',')} "$unit" redis-sentinel.service)`,
    String.raw`printf '%s\n' "$units"`,
  ].join('\n'),
  parse(stdout) {
    const [redis, sentinel] = stdout.trim().split(/\n\n+/).map(propertiesOf);
    return { redis: unit.parse(redis), sentinelActive: unit.parse(sentinel).activeState === 'active' };
  },
};

function propertiesOf(block: string): Record<string, string> {
  return Object.fromEntries(
    block.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
