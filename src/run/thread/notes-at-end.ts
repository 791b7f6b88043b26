import type { Note } from '../../domain/chat/note.ts';
import type { Report } from '../../domain/report.ts';
import { markdown } from '../../report/markdown/markdown.ts';

/** What the thread of a run says at its end, by purpose. @param text The report as Markdown. */
export function notesAtEnd(
  run: string,
  report: Report,
  text = markdown(report),
): readonly (readonly [purpose: string, note: Note])[] {
  return [
    ['root', { kind: 'root', report: { ...report, sections: report.sections.slice(0, 1) }, buttons: [] }],
    ['report', { kind: 'reply', report }],
    ['file', { kind: 'file', name: `${run}.md`, text }],
  ];
}
