/** `r-20251123-ab12cd`: the day in UTC, and letters and digits from the caller to tell the day’s runs apart. */
export function newRunId(at: Date, random: string): string {
  const day = at.toISOString().slice(0, 10).replaceAll('-', '');
  return `r-${day}-${random}`;
}
