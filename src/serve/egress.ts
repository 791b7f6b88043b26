import { egressThrough, type Egress } from '../adapters/http/egress.ts';
import type { Settings } from '../settings.ts';

/** The proxy that the settings name. */
export function egressOf({ HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: except }: Settings): Egress | undefined {
  return egressThrough({ https, http, except });
}
