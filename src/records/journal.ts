import { z } from 'zod';
import type { JournalEntry } from '../domain/run/journal.ts';
import { exactly } from './exactly.ts';

export const journalEntry = exactly<JournalEntry>()(
  z.object({
    at: z.string(),
    step: z.number(),
    node: z.string(),
    action: z.string(),
    state: z.enum(['began', 'ended', 'failed']),
  }),
);
