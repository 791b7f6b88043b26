import { expect, it } from 'vitest';
import { prepared, WORKS } from '../../bench/fleet/works.ts';

/** `npm run bench:fleet` does the same with up to 300 clusters, and compares the times. */
it.each(WORKS)('the generated repository has no mistakes: %s', async (work) => {
  const doIt = await prepared(work, 10);
  await expect(doIt()).resolves.toBeUndefined();
});
