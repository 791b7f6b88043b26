import { describe, expect, it } from 'vitest';
import { fuzz } from './border.ts';
import { BORDERS } from './borders.ts';

/** For all of them together. By hand longer: `npm run fuzz -- --minutes 60`. */
const MILLISECONDS = 30_000 / BORDERS.length;

describe('whatever comes', () => {
  it.each(BORDERS.map((border) => [border.name, border] as const))(
    'as %s crashes nothing, stalls nothing and shows no secret',
    { timeout: 300_000 },
    async (_, border) => {
      expect((await fuzz(border, MILLISECONDS)).inputs).toBeGreaterThan(0);
    },
  );
});
