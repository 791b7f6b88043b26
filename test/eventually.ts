import { vi } from 'vitest';

/** Retries `look` until it does not throw; patient, as the machine may be busy. */
export function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 10_000, interval: 10 });
}
