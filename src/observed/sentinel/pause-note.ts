import { z } from 'zod';
import { nodeWords } from '../../domain/node-words.ts';
import type { Pause } from '../../domain/sentinel/pause.ts';

const words = z.string().transform((text) => nodeWords(text));

const note = z.object({
  master: z.string().min(1),
  until: z.iso.datetime(),
  downAfterMs: z.number().int().positive(),
  by: words,
  reason: words,
});

/** The note of a pause on a Sentinel’s host. Null for anything that redisops did not write. */
export function pauseIn(text: string): Pause | null {
  try {
    return note.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
