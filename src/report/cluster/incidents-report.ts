import { byNodes } from '../parts/by-nodes.ts';
import type { Incident } from '../../domain/health/last-look.ts';
import type { SeenSigns } from '../../domain/intrusion/suspicion.ts';
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

export interface Answered {
  incidents: readonly Incident[];
  /** Signs of intrusions, by node. */
  shown: SeenSigns;
  /** Where the evidence of each suspected node is kept. */
  evidence: readonly { node: string; path: string; sha256: string }[];
  /** Causes that the standing watch reports. */
  watched?: readonly string[];
}

/** The nodes may be changed again; what they were suspected of stays on disk. */
export function acknowledgedReport(
  cluster: string,
  { incidents, shown, evidence, watched = [] }: Answered,
  by: Origin,
): Report {
  const nodes = Object.keys(shown);
  if (nodes.length > 0)
    return {
      title: `${cluster}: ${plural(nodes.length, 'suspected node')} released`,
      tone: 'warning',
      summary: 'Plans may change these nodes again. The evidence is on the machine that runs redisops.',
      askedBy: by,
      sections: [
        { kind: 'list', heading: 'Acknowledged signs', items: signItems(shown) },
        { kind: 'list', heading: 'Evidence', items: evidence.map(evidenceItem) },
        ...(incidents.length === 0 ? [] : [{ kind: 'list', items: byNodes(incidents).map(itemOf) } as const]),
        ...watchedSection(watched),
      ],
    };
  const none = incidents.length === 0;
  if (none && watched.length > 0)
    return {
      title: `${cluster}: acknowledged`,
      tone: 'good',
      summary: 'The watch’s message in the channel says until when.',
      askedBy: by,
      sections: watchedSection(watched),
    };
  return {
    title: none
      ? `${cluster}: nothing to acknowledge`
      : `${cluster}: ${plural(incidents.length, 'incident')} acknowledged`,
    tone: 'good',
    summary: none
      ? 'No restart and no loss of data was noticed since the last acknowledgement.'
      : '`status` no longer reports:',
    askedBy: by,
    sections: none ? [] : [{ kind: 'list', items: byNodes(incidents).map(itemOf) }, ...watchedSection(watched)],
  };
}

function watchedSection(watched: readonly string[]): Section[] {
  if (watched.length === 0) return [];
  return [
    {
      kind: 'list',
      heading: 'Reported by the watch',
      items: watched.map((text): ListItem => ({ tone: 'warning', text })),
    },
  ];
}

/** The first of two persons asked. */
export function secondPersonReport(cluster: string, shown: SeenSigns, by: Origin): Report {
  return {
    title: `${cluster}: a second person must acknowledge this`,
    tone: 'warning',
    summary: 'Nothing was released. Investigate first; then another approver runs `/redis acknowledge`.',
    askedBy: by,
    sections: [{ kind: 'list', heading: 'Signs of an intrusion', items: signItems(shown) }],
  };
}

function signItems(shown: SeenSigns): ListItem[] {
  return Object.entries(shown).flatMap(([node, signs]) =>
    signs.map(({ sign }): ListItem => ({ tone: 'bad', text: `${node}: ${sign}` })),
  );
}

function evidenceItem({ node, path, sha256 }: Answered['evidence'][number]): ListItem {
  return { tone: 'neutral', text: `${node}: ${path} (SHA-256 ${sha256})` };
}

function itemOf({ code, node, message }: Incident): ListItem {
  return { tone: 'warning', text: `${about(node, message)} (${code})` };
}
