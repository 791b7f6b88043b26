/** Whether two addresses are the same one: IPv6 has several ways to write each. */
export function sameAddress(one: string, other: string): boolean {
  return canonicalAddress(one) === canonicalAddress(other);
}

function canonicalAddress(address: string): string {
  const lower = address.toLowerCase();
  const url = `http://[${lower}]`;
  return lower.includes(':') && URL.canParse(url) ? new URL(url).hostname : lower;
}
