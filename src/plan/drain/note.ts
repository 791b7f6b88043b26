import type { NoteDrained } from '../../domain/action.ts';
import type { Drained } from '../../domain/maintenance/drained.ts';

/** The first step of a drain, and the last one of its end: until then, any later run knows what was there. */
export function noteDrained(node: string, drained: Drained | null): NoteDrained {
  return {
    kind: 'note-drained',
    node,
    summary: drained ? `Note that ${node} is drained` : `Remove the note that ${node} is drained`,
    disruptive: false,
    reason: drained ? 'It takes no role until `undrain`, whatever Git says.' : 'It may take a role again.',
    drained,
  };
}
