import { isLoopback } from '../domain/redis/bind.ts';
import type { Secret } from '../domain/secret.ts';

/**
 * What is wrong with a queue that is reached over a network: whoever can write to it can approve any plan. Nothing of
 * one on this machine.
 */
export function queueWarnings(url: Secret | undefined): readonly string[] {
  if (!url) return [];
  const { protocol, hostname, password } = new URL(url.reveal());
  if (isLoopback(hostname.replaceAll(/^\[|\]$/g, ''))) return [];
  return [
    ...(protocol === 'rediss:'
      ? []
      : ['QUEUE_REDIS_URL has no TLS: whoever is on the way reads and changes runs. Use rediss://.']),
    ...(password === ''
      ? ['QUEUE_REDIS_URL has no password: whoever reaches that Redis can approve any plan. Set one.']
      : []),
  ];
}
