import type { Lock } from '../../domain/run/lock.ts';
import type { Report } from '../../domain/report.ts';
import type { Origin, RunRecord } from '../../domain/run/run.ts';
import { instant, listed } from '../text/format.ts';

export function lockReport(cluster: string, { by, reason, until }: Lock, running: readonly RunRecord[]): Report {
  const runs = running.map(({ run }) => `\`${run}\``);
  const goesOn = runs.length === 0 ? '' : ` ${listed(runs)} had begun and goes on; \`/redis stop\` ends it.`;
  return {
    title: `${cluster} is locked`,
    tone: 'warning',
    summary: `${reason}\n${until === null ? 'Until somebody unlocks it' : `Until ${instant(until)}`}, no run starts.${goesOn}`,
    askedBy: by,
    next: 'Merges wait; what is asked for by hand is refused. `/redis unlock` ends it.',
    sections: [],
  };
}

export function unlockReport(cluster: string, was: Lock, by: Origin): Report {
  return {
    title: `${cluster} is unlocked`,
    tone: 'good',
    summary: `It was locked since ${instant(was.at)}: ${was.reason}`,
    askedBy: by,
    next: 'Merges that wait begin within half a minute. What was refused must be asked for again.',
    sections: [],
  };
}
