import { isIP } from 'node:net';

/** Underscores are no part of a DNS name, but of many inventories. */
const HOST_NAME = /^(?=.{1,63}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;

/** Whether redisops can call a host so: it becomes part of paths and of chat commands. */
export function isHostName(name: string): boolean {
  return HOST_NAME.test(name) || (isIP(name) > 0 && !name.includes('%'));
}
