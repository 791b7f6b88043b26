import { byNodes } from '../parts/by-nodes.ts';
import type { Incident } from '../../domain/health/last-look.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import type { Origin } from '../../domain/run/run.ts';
import { about } from '../parts/verdict-text.ts';
import { plural } from '../text/format.ts';

/** Restarts only: lost data is among the verdict’s reasons. */
export function restartsSection(incidents: readonly Incident[]): Section[] {
  const restarts = incidents.filter(({ code }) => code === 'REDIS_RESTARTED');
  if (restarts.length === 0) return [];
  return [{ kind: 'list', heading: 'Not acknowledged', items: byNodes(restarts).map(itemOf) }];
}

export function acknowledgedReport(cluster: string, incidents: readonly Incident[], by: Origin): Report {
  const none = incidents.length === 0;
  return {
    title: none
      ? `${cluster}: nothing to acknowledge`
      : `${cluster}: ${plural(incidents.length, 'incident')} acknowledged`,
    tone: 'good',
    summary: none
      ? 'No restart and no loss of data was noticed since the last acknowledgement.'
      : '`status` no longer reports:',
    askedBy: by,
    sections: none ? [] : [{ kind: 'list', items: byNodes(incidents).map(itemOf) }],
  };
}

function itemOf({ code, node, message }: Incident): ListItem {
  return { tone: 'warning', text: `${about(node, message)} (${code})` };
}
