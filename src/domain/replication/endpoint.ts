import { sameAddress } from './address.ts';

/** The address of a Redis: an IP address or host name, and a port. */
export interface Endpoint {
  host: string;
  port: number;
}

/** A node’s own endpoint. */
export function endpointOf({ address, redisPort }: { address: string; redisPort: number }): Endpoint {
  return { host: address, port: redisPort };
}

/** Whether two endpoints are spelled alike, allowing for IPv6; not whether they are the same node. */
export function sameEndpoint(one: Endpoint | null, other: Endpoint | null): boolean {
  if (!one || !other) return one === other;
  return one.port === other.port && sameAddress(one.host, other.host);
}
