/** `2025-12-03 14:05 UTC`. @param iso ISO 8601, in UTC. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
