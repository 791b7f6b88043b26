const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `1min 30s`, as systemctl shows it; null for `infinity` or a missing value (systemd.time(7)). */
export function timeSpanMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d{1,15})(ms|s|min|h|d)(?: |$)/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, figure, unit]) => sum + Number(figure) * (MILLISECONDS[unit ?? ''] ?? 0), 0);
}
