import { describe, expect, it } from 'vitest';
import { fuzz } from './border.ts';
import { BORDERS } from './borders.ts';

/**
 * For all of them together; the same inputs each time, and ten times the limits, as other tests share the process. By
 * hand longer, with new inputs and the limits themselves: `npm run fuzz -- --minutes 60`.
 */
const TRIES = { milliseconds: 30_000 / BORDERS.length, seed: 20_261_130, patience: 10 };

describe('whatever comes', () => {
  it.each(BORDERS.map((border) => [border.name, border] as const))(
    'as %s crashes nothing, stalls nothing and shows no secret',
    { timeout: 300_000 },
    async (_, border) => {
      expect((await fuzz(border, TRIES)).inputs).toBeGreaterThan(0);
    },
  );
});
