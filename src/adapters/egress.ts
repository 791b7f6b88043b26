import { EnvHttpProxyAgent, fetch, type Dispatcher } from 'undici';
import type { Secret } from '../domain/secret.ts';

/** Proxies by the scheme of what is asked; URLs, with a user’s name and password perhaps. */
export interface Proxies {
  https?: Secret | undefined;
  http?: Secret | undefined;
  /** Hosts that are reached without, as curl and others read `NO_PROXY`. */
  except?: string | undefined;
}

/** The way out to Slack and GitHub. */
export interface Egress {
  fetch: typeof globalThis.fetch;
  /** For WebSockets. */
  dispatcher: Dispatcher;
}

/** Through the proxies that are named; undefined where there are none. */
export function egressThrough({ https, http, except }: Proxies): Egress | undefined {
  if (!https && !http) return undefined;
  // What is empty is not taken from the environment instead.
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: https?.reveal() ?? '',
    httpProxy: http?.reveal() ?? '',
    noProxy: except ?? '',
  });
  const throughProxy = async (url: Parameters<typeof fetch>[0], init?: Parameters<typeof fetch>[1]) => {
    try {
      return await fetch(url, { ...init, dispatcher });
    } catch (error) {
      throw error instanceof TypeError ? new TypeError(error.message, { cause: rootOf(error) }) : error;
    }
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node’s own fetch is this library’s; its types are named otherwise.
  return { fetch: throughProxy as unknown as typeof globalThis.fetch, dispatcher };
}

/** A proxy that refuses is three causes down, where nobody looks. */
function rootOf(error: Error): unknown {
  return error.cause instanceof Error ? rootOf(error.cause) : (error.cause ?? error);
}
