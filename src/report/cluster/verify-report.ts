import type { Report } from '../../domain/report.ts';
import { isWriteRefused, wasAsked, type Verification } from '../../domain/verification.ts';
import { listed, plural } from '../text/format.ts';
import { probeSections } from '../parts/probe-table.ts';
import { reasonsSection, toneOf } from '../parts/verdict-text.ts';

/** The `verify` report: the verdict from both ends and by a write. */
export function verifyReport(verification: Verification): Report {
  const { verdict } = verification;
  return {
    title: `Verification: ${verdict}`,
    tone: toneOf(verdict),
    summary: summaryOf(verification),
    ...(verdict === 'healthy' ? {} : { next: '`doctor` looks for the cause.' }),
    sections: [...reasonsSection(verification), ...probeSections(verification)],
  };
}

function summaryOf(verification: Verification): string {
  const { master, key, replicas } = verification;
  if (master === null) return 'No node could be verified as the master.';
  if (key === null) return `Master ${master}; no write was tried.`;
  if (isWriteRefused(verification)) return `${master} refuses writes.`;
  const arrived = replicas.filter(({ matches }) => matches).length;
  const unasked = replicas.filter((replica) => !wasAsked(replica)).map(({ name }) => name);
  const rest = unasked.length === 0 ? '' : ` ${listed(unasked)} could not be asked.`;
  return `A write on ${master} arrived on ${arrived} of ${plural(replicas.length, 'replica')}.${rest}`;
}
