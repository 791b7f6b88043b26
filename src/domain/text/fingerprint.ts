import { createHash } from 'node:crypto';

/** Short, and equal for equal texts: to recognize what was shown. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
