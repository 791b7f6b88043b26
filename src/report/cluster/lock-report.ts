import type { Lock } from '../../domain/run/lock.ts';
import type { Report } from '../../domain/report.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import { instant, listed } from '../text/format.ts';

/** @param before The same person’s lock that it replaces. @param running Runs that it does not stop. */
export function lockReport(
  cluster: string,
  { by, reason, until }: Lock,
  { before, running }: { before: Lock | null; running: readonly RunRecord[] },
): Report {
  const runs = running.map(({ run }) => `\`${run}\``);
  const goesOn = runs.length === 0 ? '' : ` ${listed(runs)} has begun and continues; \`/redis stop\` ends it.`;
  return {
    title: `${cluster} is locked`,
    tone: 'warning',
    summary: `${reason}\n${ending(until)}, no run starts.${goesOn}${before ? replaced(before) : ''}`,
    askedBy: by,
    next: 'Merges wait. Changes requested by hand are refused. `/redis unlock` removes the lock.',
    sections: [],
  };
}

function replaced({ reason, until }: Lock): string {
  return `\nThis replaces the lock “${reason}”, which was to last ${until === null ? 'until someone unlocks it' : `until ${instant(until)}`}.`;
}

function ending(until: string | null): string {
  return until === null ? 'Until someone unlocks it' : `Until ${instant(until)}`;
}

export function unlockReport(cluster: string, was: Lock, by: Origin): Report {
  return {
    title: `${cluster} is unlocked`,
    tone: 'good',
    summary: `It was locked at ${instant(was.at)}: ${was.reason}`,
    askedBy: by,
    next: 'Waiting merges start within half a minute. Ask again for what was refused.',
    sections: [],
  };
}
