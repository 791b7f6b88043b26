import type { Endpoint } from '../replication/endpoint.ts';

/** The clients’ way in, of `redisops.yml`: a load balancer, or HAProxy. */
export interface DesiredEntry {
  addresses: readonly Endpoint[];
  /** Absent where it runs on no host of the inventory. */
  proxies?: Proxies;
}

/** HAProxy on hosts of the inventory. */
export interface Proxies {
  hosts: readonly ProxyHost[];
  /** The path of its runtime socket. */
  socket: string;
}

/** Where it is reached by SSH. */
export interface ProxyHost {
  name: string;
  address: string;
  sshPort: number;
  sshUser?: string;
}

/** `10.0.0.120:6379`, `[2001:db8::1]:6379`. */
export function spelled({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The endpoint of `HOST:PORT`; null if it is none. An IPv6 address is in brackets. */
export function endpointIn(text: string): Endpoint | null {
  const [, six, other, digits = ''] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):([1-9]\d{0,4})$/i.exec(text) ?? [];
  const host = six ?? other;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? null : { host, port };
}
