import { sameAddress } from './address.ts';

/** Where a Redis is reached: an IP address or a host name, and a port. */
export interface Endpoint {
  host: string;
  port: number;
}

/** A node’s own endpoint. */
export function endpointOf({ address, redisPort }: { address: string; redisPort: number }): Endpoint {
  return { host: address, port: redisPort };
}

/** Whether two endpoints are spelt alike, IPv6 in any of its ways; not whether they are the same node. */
export function sameEndpoint(one: Endpoint | null, other: Endpoint | null): boolean {
  if (!one || !other) return one === other;
  return one.port === other.port && sameAddress(one.host, other.host);
}
