import type { Section } from '../../domain/report.ts';

/** The run may start despite a freeze in redisops.yml. */
export function brokenGlassSection(reason: string, by?: string): Section {
  const who = by === undefined ? '' : `\nAsked for by ${by}.`;
  return {
    kind: 'list',
    heading: 'Freeze overridden',
    items: [{ tone: 'warning', text: `${reason}${who}` }],
  };
}
