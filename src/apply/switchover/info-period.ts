import { settingsIn } from '../../domain/redis/config-get.ts';
import type { RedisLink } from '../../ports/nodes.ts';

const NAME = 'info-period';
/** Short enough to come soon, long enough to hit a phase of a second. Milliseconds. */
const SHORT_MS = '1500';
/** Sentinel’s default (sentinel.c, SENTINEL_INFO_PERIOD). Milliseconds. */
const USUAL_MS = '10000';

/**
 * Lets one Sentinel ask the nodes for INFO more often for the duration of `use`. The period is not in its file: a
 * restart forgets it. Where SENTINEL DEBUG is not there (before 7.0), the moment takes up to 10 s to come.
 */
export async function withShortInfoPeriod<T>(link: RedisLink, use: () => Promise<T>): Promise<T> {
  const before = await link.command('SENTINEL', 'DEBUG').then(
    (reply) => settingsIn(reply).get(NAME) ?? null,
    () => null,
  );
  if (before !== null) await link.command('SENTINEL', 'DEBUG', NAME, SHORT_MS).catch(() => null);
  try {
    return await use();
  } finally {
    // A worker that died left the short one.
    if (before !== null)
      await link.command('SENTINEL', 'DEBUG', NAME, before === SHORT_MS ? USUAL_MS : before).catch(() => null);
  }
}
