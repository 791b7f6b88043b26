import type { SupersededNote } from '../../domain/chat/note.ts';
import type { Report } from '../../domain/report.ts';
import { plural, short } from '../text/format.ts';
import { limitedItems } from './steps.ts';

const MOST_LINES = 40;

/** Merges that a later one overtook before they began, in one message. */
export function supersededReport(cluster: string, notes: readonly Omit<SupersededNote, 'kind'>[]): Report {
  const items = notes.map(({ run, revision, message, origin: { pullRequest, name, actor } }) => {
    const merge = pullRequest === undefined ? short(revision) : `#${pullRequest} (${short(revision)})`;
    return { tone: 'neutral' as const, text: `${merge} by ${name ?? actor}, run ${run}: ${message}` };
  });
  return {
    title: `${cluster}: ${plural(notes.length, 'merge')} superseded`,
    tone: 'neutral',
    summary: 'A later merge changes the cluster again. Only the branch head is applied.',
    sections: [{ kind: 'list', items: limitedItems(items, MOST_LINES) }],
  };
}
