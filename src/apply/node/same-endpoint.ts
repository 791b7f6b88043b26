import type { Endpoint } from '../../domain/action.ts';
import { sameAddress } from '../../domain/address.ts';

/** Whether both name the same master, or neither names one. */
export function sameEndpoint(one: Endpoint | null, other: Endpoint | null): boolean {
  if (!one || !other) return one === other;
  return one.port === other.port && sameAddress(one.host, other.host);
}
