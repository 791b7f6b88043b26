import { looksIn } from '../adapters/disk/looks.ts';
import type { Looks } from '../ports/looks.ts';
import type { Settings } from '../settings.ts';
import { withStore } from './queue-store.ts';

/** The bot’s memory where this machine reaches it, so that both report the same; else this machine’s own. */
export function looksHere(settings: Settings): Looks {
  const own = looksIn(settings.STATE_DIR);
  return {
    lastLook: (cluster) => withStore(settings, (store) => store.lastLook(cluster)).catch(() => own.lastLook(cluster)),
    keepLook: (cluster, look) =>
      withStore(settings, (store) => store.keepLook(cluster, look)).catch(() => own.keepLook(cluster, look)),
  };
}
