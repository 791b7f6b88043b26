import { z } from 'zod';
import type { Acknowledgement } from '../domain/chat/acknowledgement.ts';
import { exactly } from './exactly.ts';

export const acknowledgement = exactly<Acknowledgement>()(
  z.object({ by: z.string(), at: z.string(), reason: z.string().nullable(), until: z.string().nullable() }),
);
