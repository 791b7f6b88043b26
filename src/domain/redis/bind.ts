/** Wildcards for all addresses of a family. Source: redis.conf of Redis 7 on `bind`. */
const ALL: Readonly<Record<'4' | '6', readonly string[]>> = { 4: ['*', '0.0.0.0'], 6: ['::*', '::'] };

/** Whether a Redis with this `bind` listens on the address, directly or by a wildcard. `bind ""` listens on none. */
export function listensOn(bind: string, address: string): boolean {
  const bound = bind.split(/\s+/).map((word) => word.replace(/^-/, '').toLowerCase());
  const all = ALL[address.includes(':') ? '6' : '4'];
  return bound.some((each) => each === address.toLowerCase() || all.includes(each));
}

/** Whether only clients on the host itself reach it. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^-/, '').toLowerCase();
  return plain === '::1' || plain === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(plain);
}
