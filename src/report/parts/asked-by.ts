import type { Origin } from '../../domain/run/run.ts';

/** The requester in three parts, so that each format can show the person in its own way. */
export interface AskedBy {
  before: string;
  person: string;
  after: string;
}

export function askedBy({ from, actor, pullRequest }: Origin): AskedBy {
  switch (from) {
    case 'slack':
      return { before: 'Asked by ', person: actor, after: '' };
    case 'github':
      return {
        before: 'Merged by ',
        person: actor,
        after: pullRequest === undefined ? '' : ` in pull request #${pullRequest}`,
      };
    case 'redisops':
      return { before: 'Started by redisops: ', person: actor, after: '' };
    case 'cli':
      return { before: 'Asked by ', person: actor, after: ' on the command line' };
  }
}

export function askedByText(origin: Origin): string {
  const { before, person, after } = askedBy(origin);
  return before + person + after;
}
