import { ParsedSource } from '../../desired/source/parsed-source.ts';
import { Recent } from '../../desired/source/recent.ts';
import type { Commits } from '../../ports/git.ts';

/** The branch’s head, and the base and head of a pull request. */
const MOST_REVISIONS = 3;

/** Shares the most recently requested commits, so that each is read and parsed once. */
export function recentRevisions(at: Commits['at']): Commits['at'] {
  const recent = new Recent<ParsedSource>(MOST_REVISIONS);
  return (revision) => {
    const source = recent.get(revision) ?? ParsedSource.of(at(revision));
    recent.set(revision, source);
    return source;
  };
}
