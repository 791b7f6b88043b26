import { z } from 'zod';
import type { SeenSigns } from '../domain/intrusion/suspicion.ts';
import { exactly } from './exactly.ts';

const seen = z.object({
  sign: z.string(),
  at: z.string(),
  acknowledged: z.literal(true).optional(),
  asked: z.object({ by: z.string(), at: z.string() }).optional(),
});

export const seenSigns = exactly<SeenSigns>()(z.record(z.string(), z.array(seen)));
