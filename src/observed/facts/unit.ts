import { z } from 'zod';
import type { UnitFacts } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';

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

/** The answer stays in `$state`: the log asks it whether the unit failed. */
export const unitFact: Fact<UnitFacts> = {
  name: 'unit',
  script: [
    `state=$(systemctl show --no-pager --property=${PROPERTIES.join(',')} "$unit")`,
    String.raw`printf '%s\n' "$state"`,
  ].join('\n'),
  parse: (stdout) =>
    unit.parse(
      Object.fromEntries(
        linesOf(stdout).map((line) => {
          const at = line.indexOf('=');
          return [line.slice(0, at), line.slice(at + 1)];
        }),
      ),
    ),
};
