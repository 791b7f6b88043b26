import { z } from 'zod';
import type { UnitFacts } from '../../domain/facts.ts';
import type { Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';
import { timeSpanMs } from '../../domain/unit/time-span.ts';
import { propertiesIn, RESOLVED_PROPERTIES, resolvedUnit, type ResolvedUnit } from '../../domain/unit/resolved-unit.ts';

const PROPERTIES = [
  ...RESOLVED_PROPERTIES,
  'ActiveState',
  'SubState',
  'UnitFileState',
  'Result',
  'MainPID',
  'NRestarts',
  'NeedDaemonReload',
  'Job',
  'TimeoutStartUSec',
  'CanStart',
  'LoadError',
  'LimitNOFILE',
  'ActiveExitTimestamp',
  'ExecMainStartTimestamp',
  'InvocationID',
];

const count = z.coerce.number().int().nonnegative().default(0);
const text = z.string().default('');

/** `Mon 2026-11-30 17:02:06 UTC`; empty or `n/a` if it never happened since boot. */
function instantOf(shown: string): string | null {
  const [, day, time] = /^\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(shown) ?? [];
  return day === undefined ? null : `${day}T${time}Z`;
}

/** `systemctl show`. Even a missing unit has a LoadState: `not-found`. */
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
    Job: text,
    TimeoutStartUSec: text.transform(timeSpanMs),
    CanStart: text,
    LoadError: text,
    LimitNOFILE: text,
    ActiveExitTimestamp: text.transform(instantOf),
  })
  .transform((shown): Omit<UnitFacts, keyof ResolvedUnit> => ({
    activeState: shown.ActiveState,
    subState: shown.SubState,
    unitFileState: shown.UnitFileState,
    result: shown.Result,
    mainPid: shown.MainPID,
    restarts: shown.NRestarts,
    needDaemonReload: shown.NeedDaemonReload === 'yes',
    jobPending: shown.Job !== '' && shown.Job !== '0',
    ...(shown.CanStart === 'no' ? { cannotStart: true } : {}),
    // Absent for `infinity`, too: nothing limits it.
    ...(/^\d+$/.test(shown.LimitNOFILE) ? { openFiles: Number(shown.LimitNOFILE) } : {}),
    ...(shown.ActiveExitTimestamp === null ? {} : { inactiveSince: shown.ActiveExitTimestamp }),
    ...(shown.LoadError === '' ? {} : { loadError: shown.LoadError }),
    ...(shown.TimeoutStartUSec === null ? {} : { startTimeoutMs: shown.TimeoutStartUSec }),
  }));

export const unitFact: Fact<UnitFacts> = {
  exports: ['state'],
  script: fragment`
state=$(TZ=UTC systemctl show --no-pager --property=${PROPERTIES.join(',')} "$unit")
printf '%s\n' "$state"`,
  parse(stdout) {
    const properties = propertiesIn(stdout);
    return { ...unit.parse(properties), ...resolvedUnit(properties) };
  },
};
