import { Cron } from 'croner';

/** A recurring window in which no changing run starts: from each time of the cron expression, for this many minutes. */
export interface FreezeWindow {
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** Elapsed time, regardless of clock changes. */
  minutes: number;
  /** IANA name. */
  timezone: string;
  reason: string;
}

export interface Freeze {
  /** Null if windows follow each other forever. */
  until: Date | null;
  reason: string;
}

/** Adjacent windows count as one; this many count as endless. */
const MOST_IN_A_ROW = 400;

/**
 * The freeze at an instant; null if there is none. A window includes its first minute and excludes the minute after its
 * last. A start time skipped by a clock change moves to the next instant; a repeated one starts once, unless minute or
 * hour have a wildcard, which count real time.
 */
export function freezeAt(windows: readonly FreezeWindow[], at: Date): Freeze | null {
  const reasons = new Set<string>();
  let until = at;
  for (let row = 0; row < MOST_IN_A_ROW; row += 1) {
    const last = windows
      .map((window) => ({ window, end: endOf(window, until) }))
      .filter(({ end }) => end > until)
      .toSorted((a, b) => b.end.getTime() - a.end.getTime())[0];
    if (!last) return reasons.size === 0 ? null : { until, reason: [...reasons].join('; ') };
    reasons.add(last.window.reason);
    until = last.end;
  }
  return { until: null, reason: [...reasons].join('; ') };
}

/** What is wrong with a window, as a clause after its name; null if valid. */
export function windowMistake(window: Omit<FreezeWindow, 'reason'>, now: Date): string | null {
  if (!/^\S+(?: \S+){4}$/.test(window.cron)) return 'cron must have five fields: minute hour day month weekday';
  if (!isTimeZone(window.timezone)) return 'timezone must be a name like Europe/Berlin or UTC';
  try {
    const next = cronOf(window).nextRun(now);
    if (!next) return 'cron has no such time';
    return freezeAt([{ ...window, reason: '' }], next)?.until === null
      ? 'cron and minutes leave no time between'
      : null;
  } catch {
    return 'cron is not an expression like 0 22 * * 5';
  }
}

/** The end of the newest window that began before the instant; in the past if it is over. */
function endOf(window: FreezeWindow, at: Date): Date {
  // `previousRuns` excludes the instant itself.
  const after = new Date(Math.floor(at.getTime() / 1000) * 1000 + 1000);
  const [start] = cronOf(window).previousRuns(1, after);
  return new Date((start?.getTime() ?? 0) + window.minutes * 60_000);
}

function cronOf({ cron, timezone }: Pick<FreezeWindow, 'cron' | 'timezone'>): Cron {
  return new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
