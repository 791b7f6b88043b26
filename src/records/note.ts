import { z } from 'zod';
import type { StopClick } from '../domain/chat/click.ts';
import type { KeptNote, Note } from '../domain/chat/note.ts';
import type { DeploymentNews } from '../domain/git/deployment.ts';
import { exactly } from './exactly.ts';
import { report } from './report.ts';
import { origin } from './run.ts';

const stopClick = exactly<StopClick>()(z.object({ kind: z.literal('stop'), run: z.string() }));

const news = exactly<Omit<DeploymentNews, 'url'>>()(
  z.object({
    run: z.string(),
    cluster: z.string(),
    commit: z.string(),
    state: z.enum(['queued', 'in_progress', 'pending', 'success', 'failure', 'inactive']),
    description: z.string(),
  }),
);

const note = exactly<Note>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('root'), report, buttons: z.array(stopClick) }),
    z.object({ kind: z.literal('approval'), approval: z.string(), plan: z.string(), openMs: z.number() }),
    z.object({ kind: z.literal('reply'), report }),
    z.object({ kind: z.literal('file'), name: z.string(), text: z.string() }),
    z.object({
      kind: z.literal('superseded'),
      run: z.string(),
      revision: z.string(),
      origin,
      message: z.string(),
      report,
    }),
    z.object({ kind: z.literal('comment'), pullRequest: z.number().int(), purpose: z.string(), text: z.string() }),
    z.object({ kind: z.literal('deployment'), news }),
    z.object({ kind: z.literal('unreadable') }),
  ]),
);

export const keptNote = exactly<KeptNote>()(
  z.object({
    purpose: z.string(),
    order: z.number(),
    version: z.string(),
    keptAt: z.number().transform((at) => new Date(at).toISOString()),
    digest: z.string(),
    note,
  }),
);
