import { isLoopback } from '../domain/redis/bind.ts';
import type { Secret } from '../domain/secret.ts';
import { hostOf } from '../domain/text/host-of.ts';

/**
 * What is wrong with a queue that is reached over a network: whoever can write to it can approve any plan. Nothing of
 * one on this machine.
 */
export function queueWarnings(url: Secret | undefined): readonly string[] {
  if (!url) return [];
  const place = new URL(url.reveal());
  if (isLoopback(hostOf(place))) return [];
  const { protocol, password } = place;
  return [
    ...(protocol === 'rediss:'
      ? []
      : ['QUEUE_REDIS_URL has no TLS: whoever is on the way reads and changes runs. Use rediss://.']),
    ...(password === ''
      ? ['QUEUE_REDIS_URL has no password: whoever reaches that Redis can approve any plan. Set one.']
      : []),
  ];
}
