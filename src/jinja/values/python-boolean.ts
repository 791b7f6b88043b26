import { numberOf } from './operators.ts';
import type { Value } from './value.ts';

/** Ansible’s words for true and false; null for others. */
export function booleanOf(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : String(numberOf(value));
  if (['y', 'yes', 'on', '1', 'true', 't'].includes(word)) return true;
  return ['n', 'no', 'off', '0', 'false', 'f'].includes(word) ? false : null;
}
