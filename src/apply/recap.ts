import type { NodeRecap } from '../domain/run.ts';

export type StepEnd = 'ok' | 'changed' | 'failed';

/** Counts how steps ended, as Ansible’s recap does: `ok` has the changed ones too, `skipped` those not begun. */
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
