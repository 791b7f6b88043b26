/** Whether two hosts are the same when normalized: IPv6 has several spellings, and names ignore case. */
export function sameAddress(one: string, other: string): boolean {
  return canonicalAddress(one) === canonicalAddress(other);
}

/** False for a host name. */
export function isIpAddress(host: string): boolean {
  return host.includes(':') || /^\d+(?:\.\d+){3}$/.test(host);
}

/** IPv6 as in URLs but without brackets; IPv4-mapped IPv6 as IPv4; names in lower case. */
export function canonicalAddress(host: string): string {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const url = `http://[${bare}]`;
  if (!bare.includes(':') || !URL.canParse(url)) return bare.replace(/(?<=.)\.$/, '');
  const address = new URL(url).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const words = [high, low].map((word) => Number.parseInt(word, 16));
  return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
}
