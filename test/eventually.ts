import { vi } from 'vitest';

/** Answers what `look` does, as soon as it does not throw any more; patient, as the machine may be busy. */
export function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 10_000, interval: 10 });
}
