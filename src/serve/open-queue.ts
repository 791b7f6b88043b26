import { isLoopback } from '../domain/redis/bind.ts';
import type { Secret } from '../domain/secret.ts';
import { hostOf } from '../domain/text/host-of.ts';

/**
 * What is wrong with a queue that is reached over a network: anyone who can write to it can approve any plan. Nothing
 * for one on this machine.
 */
export function queueWarnings(url: Secret | undefined): readonly string[] {
  if (!url) return [];
  const place = new URL(url.reveal());
  if (isLoopback(hostOf(place))) return [];
  const { protocol, password } = place;
  return [
    ...(protocol === 'rediss:'
      ? []
      : ['QUEUE_REDIS_URL has no TLS: anyone on the network path can read and change runs. Use rediss://.']),
    ...(password === ''
      ? ['QUEUE_REDIS_URL has no password: anyone who reaches that Redis can approve any plan. Set one.']
      : []),
  ];
}
