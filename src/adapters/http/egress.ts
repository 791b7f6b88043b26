import { Agent, Dispatcher, EnvHttpProxyAgent, FormData, fetch } from 'undici';
import type { Secret } from '../../domain/secret.ts';

/** Proxies by the scheme of the request; their URLs may contain a user name and password. */
export interface Proxies {
  https?: Secret | undefined;
  http?: Secret | undefined;
  /** Hosts reached directly, as curl and others interpret `NO_PROXY`. */
  except?: string | undefined;
}

/** Outgoing connections to Slack and GitHub. */
export interface Egress {
  fetch: typeof globalThis.fetch;
  /** For WebSockets. */
  dispatcher: Dispatcher;
}

/** The settings that name the proxies. */
interface ProxySettings {
  HTTPS_PROXY?: Secret | undefined;
  HTTP_PROXY?: Secret | undefined;
  NO_PROXY?: string | undefined;
}

export function egressOf({
  HTTPS_PROXY: https,
  HTTP_PROXY: http,
  NO_PROXY: except,
}: ProxySettings): Egress | undefined {
  return egressThrough({ https, http, except });
}

/** Uses each proxy for its own scheme only; undefined if there are none. */
export function egressThrough({ https, http, except }: Proxies): Egress | undefined {
  if (!https && !http) return undefined;
  const dispatcher = new ByScheme({ https: wayThrough(https, except), http: wayThrough(http, except) });
  const throughProxy = async (url: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1] = {}) => {
    try {
      return await fetch(url, { ...init, ...formOf(init), dispatcher });
    } catch (error) {
      throw error instanceof TypeError ? new TypeError(error.message, { cause: rootOf(error) }) : error;
    }
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node’s own fetch is this library’s; its types are named otherwise.
  return { fetch: throughProxy as unknown as typeof globalThis.fetch, dispatcher };
}

/** The library’s own agent uses the `http:` proxy for `https:` too if that has none. */
class ByScheme extends Dispatcher {
  readonly #ways: Readonly<Record<'https' | 'http', Dispatcher>>;

  constructor(ways: Readonly<Record<'https' | 'http', Dispatcher>>) {
    super();
    this.#ways = ways;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { https, http } = this.#ways;
    return (String(options.origin).startsWith('https:') ? https : http).dispatch(options, handler);
  }
}

function wayThrough(proxy: Secret | undefined, except = ''): Dispatcher {
  if (!proxy) return new Agent();
  const uri = proxy.reveal();
  return new EnvHttpProxyAgent({ httpProxy: uri, httpsProxy: uri, noProxy: except });
}

/** The library’s fetch does not recognize Node’s FormData and would send its name. */
function formOf({ body }: { body?: unknown }): { body?: FormData } {
  if (!(body instanceof globalThis.FormData)) return {};
  const form = new FormData();
  for (const [name, value] of body) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return { body: form };
}

/** A proxy’s refusal is three causes deep, where nobody looks. */
function rootOf(error: Error): unknown {
  return error.cause instanceof Error ? rootOf(error.cause) : (error.cause ?? error);
}
