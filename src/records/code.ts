import { z } from 'zod';
import { CODES, type Code } from '../domain/code.ts';

export const code = z.custom<Code>(
  (value) => typeof value === 'string' && Object.hasOwn(CODES, value),
  'is not a code',
);
