/** Slack retries within minutes; a captured request expires after five. */
const KEPT_MS = 15 * 60_000;
const MOST_KEPT = 10_000;

/** Returns whether a name is seen for the first time. */
export function onceEach(now: () => number): (name: string) => boolean {
  const seen = new Map<string, number>();
  return (name) => {
    for (const [old, at] of seen) {
      if (now() - at < KEPT_MS && seen.size <= MOST_KEPT) break;
      seen.delete(old);
    }
    if (seen.has(name)) return false;
    seen.set(name, now());
    return true;
  };
}
