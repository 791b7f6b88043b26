import type { Acknowledgement } from '../../domain/chat/acknowledgement.ts';
import { isWell, type HealthNews, type HealthRecord } from '../../domain/health/health-record.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import { reasonsSection, stateText, toneOf } from '../parts/verdict-text.ts';
import { instant, plural, short } from '../text/format.ts';

/** A message edited in place must stay a single message. */
const MOST_ITEMS = 8;

/** The standing watch’s message in its current state. */
export function healthMessage(record: HealthRecord): Report {
  const { cluster, look, since, acknowledged, relapses } = record;
  const footer = [`Git ${short(look.revision)}`];
  if (record.state === 'well')
    return {
      title: `${cluster}: healthy again`,
      tone: 'good',
      summary: `Since ${instant(since)}. Before, it was: ${stateText(look.verdict, look.readiness.length > 0)}.`,
      sections: causeSections(record, true),
      footer,
    };
  const again = relapses === 0 ? '' : ` It came back ${plural(relapses, 'time')} within minutes.`;
  return {
    title: `${cluster}: ${stateText(look.verdict, look.readiness.length > 0)}`,
    tone: acknowledged ? 'neutral' : look.verdict === 'healthy' ? 'warning' : toneOf(look.verdict),
    summary: `Since ${instant(since)}.${again} This message is updated until the cluster is healthy.`,
    next: '`doctor` looks for causes. `status` shows every node.',
    sections: [...causeSections(record, false), ...acknowledgedSection(acknowledged)],
    footer,
  };
}

function causeSections({ look }: HealthRecord, isOver: boolean): readonly Section[] {
  const tone = isOver ? 'neutral' : 'bad';
  const failover = look.readiness.map(({ code, message, cure }): ListItem => ({
    tone,
    text: `${message} (${code})${isOver ? '' : `\n${cure}`}`,
  }));
  const reasons = isWell({ ...look, readiness: [] }) ? [] : reasonsSection(look);
  const sections: readonly Section[] = [
    ...reasons.map((section) => ({
      ...section,
      items: section.items.map((item) => (isOver ? { ...item, tone: 'neutral' as const } : item)),
    })),
    ...(failover.length === 0 ? [] : [{ kind: 'list' as const, heading: 'A failover would fail', items: failover }]),
  ];
  return sections.map((section) => (section.kind === 'list' ? { ...section, items: limited(section.items) } : section));
}

function limited(items: readonly ListItem[]): readonly ListItem[] {
  const more = items.length - MOST_ITEMS;
  if (more <= 0) return items;
  return [...items.slice(0, MOST_ITEMS), { tone: 'neutral', text: `and ${more} more: \`status\`` }];
}

/** Who acknowledged it, why, and until when. */
export function acknowledgedSection(acknowledged: Acknowledgement | null): readonly Section[] {
  return acknowledged ? [{ kind: 'text', text: acknowledgedText(acknowledged) }] : [];
}

export function acknowledgedText({ by, reason, at, until }: Acknowledgement): string {
  const why = reason === null ? '' : `: ${reason}`;
  const end = until === null ? 'until it is over' : `until ${instant(until)}`;
  return `Acknowledged by ${by}${why}. From ${instant(at)} ${end}. A new cause ends this.`;
}

/** Posted in the message’s thread, because nobody notices an edit; null if the edit is enough. */
export function healthReply(
  record: HealthRecord,
  added: HealthNews['added'],
  returned: HealthNews['returned'],
): Report | null {
  if (record.state === 'well') return over(record);
  const plain = { tone: 'bad', sections: [] } as const;
  if (returned === 'relapsed') return { ...plain, title: 'Back', summary: 'The trouble came back.' };
  if (added.length > 0) return { ...plain, title: 'Worse', summary: `New: ${added.slice(0, MOST_ITEMS).join('; ')}.` };
  if (returned === 'expired') return { ...plain, title: 'Still there', summary: 'It is no longer acknowledged.' };
  return null;
}

function over({ cluster }: HealthRecord): Report {
  return { title: `${cluster}: healthy again`, tone: 'good', summary: 'The trouble is over.', sections: [] };
}
