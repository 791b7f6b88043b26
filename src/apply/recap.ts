import type { NodeRecap } from '../domain/run/run.ts';
import type { JournalEntry } from '../domain/run/journal.ts';

export type StepEnd = 'ok' | 'changed' | 'failed';

/** Steps of an earlier worker that died: a step without a recorded end counts as failed. */
export function journalRecap(nodes: readonly string[], journal: readonly JournalEntry[]): readonly NodeRecap[] {
  return nodes.map((name) => {
    const count = (wanted: JournalEntry['state']) =>
      journal.filter(({ node, state }) => node === name && state === wanted).length;
    const ended = count('ended');
    return { name, ok: ended, changed: ended, failed: count('began') - ended, skipped: 0 };
  });
}

/** Both workers’ steps. A step begun by the first was repeated by the second. */
export function addedRecaps(earlier: readonly NodeRecap[], later: readonly NodeRecap[]): readonly NodeRecap[] {
  return later.map((recap) => {
    const before = earlier.find(({ name }) => name === recap.name);
    return before ? { ...recap, ok: recap.ok + before.ok, changed: recap.changed + before.changed } : recap;
  });
}

/** Counts results like Ansible’s recap: `ok` includes changed steps, `skipped` are those not begun. */
export function recapOf(
  nodes: readonly string[],
  planned: readonly { node: string }[],
  ended: readonly { node: string; end: StepEnd }[],
): readonly NodeRecap[] {
  return nodes.map((name) => {
    const ends = ended.filter(({ node }) => node === name).map(({ end }) => end);
    const failed = ends.filter((end) => end === 'failed').length;
    return {
      name,
      ok: ends.length - failed,
      changed: ends.filter((end) => end === 'changed').length,
      failed,
      skipped: planned.filter(({ node }) => node === name).length - ends.length,
    };
  });
}
