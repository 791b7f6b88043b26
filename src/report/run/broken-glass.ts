import type { Section } from '../../domain/report.ts';

/** That a run may start although redisops.yml says otherwise. */
export function brokenGlassSection(reason: string, by?: string): Section {
  const who = by === undefined ? '' : `\nAsked for by ${by}.`;
  return {
    kind: 'list',
    heading: 'Freeze overridden',
    items: [{ tone: 'warning', text: `${reason}${who}` }],
  };
}
