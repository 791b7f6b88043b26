import type { Section } from '../../domain/report.ts';
import type { RunResult } from '../../domain/run/run.ts';
import { bytes, count, DASH, duration } from '../text/format.ts';

/** What a drill showed, as a table for an auditor, and the nodes before and after. */
export function drillSections({ drill, failover, outageMs, goal }: RunResult): Section[] {
  if (!drill || goal.kind !== 'drill') return [];
  const { writes = null, from, to } = failover ?? {};
  const [home, away] = [from ?? DASH, to ?? DASH];
  const rows = [
    ['scenario', `planned switchover: ${home} → ${away} → ${home}`],
    ['writes kept', writes ? `${count(writes.acknowledged - writes.lost)} of ${count(writes.acknowledged)}` : DASH],
    ['longest outage, clients that follow the role', timeOf(outageMs?.following)],
    ['outage, clients with a fixed address', timeOf(outageMs?.fixed)],
    ['READONLY answers', writes?.readOnly === undefined ? DASH : count(writes.readOnly)],
    ['resynchronizations', `${count(drill.syncs.partial)} partial, ${count(drill.syncs.full)} full`],
  ];
  return [
    { kind: 'table', heading: 'Drill', columns: ['measure', 'result'], rows },
    {
      kind: 'table',
      heading: 'Before and after',
      columns: ['node', 'role before', 'after', 'keys before', 'after', 'offset before', 'after'],
      rows: drill.nodes.map(({ name, before, after }) => [
        name,
        before.role,
        after.role,
        count(before.keys),
        count(after.keys),
        bytes(before.offset),
        bytes(after.offset),
      ]),
    },
  ];
}

function timeOf(milliseconds: number | null | undefined): string {
  return milliseconds === null || milliseconds === undefined ? DASH : duration(milliseconds);
}
