import { byNodes } from './by-nodes.ts';
import type { ListItem, ListSection, Tone } from '../../domain/report.ts';
import type { Judgement, Reason, Verdict } from '../../domain/verdict.ts';

export function toneOf(verdict: Verdict): Tone {
  switch (verdict) {
    case 'healthy':
      return 'good';
    case 'degraded':
      return 'warning';
    case 'down':
    case 'unknown':
      return 'bad';
  }
}

/** `degraded`, `healthy, but a failover would fail`. */
export function stateText(verdict: Verdict, wouldFail: boolean): string {
  if (!wouldFail) return verdict;
  return `${verdict}, ${verdict === 'healthy' ? 'but' : 'and'} a failover would fail`;
}

/** The reasons as a section, or none. */
export function reasonsSection({ verdict, reasons }: Judgement): readonly ListSection[] {
  if (reasons.length === 0) return [];
  return [
    { kind: 'list', heading: 'Reasons', items: byNodes(reasons).map((reason) => reasonItem(reason, toneOf(verdict))) },
  ];
}

function reasonItem({ code, node, message, hint = '' }: Reason, tone: Tone): ListItem {
  return { tone: tone === 'good' ? 'neutral' : tone, text: `${about(node, message)} (${code})\n${hint}`.trim() };
}

/** The message prefixed with its node, unless it already begins with it. */
export function about(node: string | null, message: string): string {
  return node === null || message.startsWith(node) ? message : `${node}: ${message}`;
}
