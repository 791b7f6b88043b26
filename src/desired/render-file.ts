import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { shown } from './problems.ts';

/** The bytes that Git asks for, with the role that Git nominates. */
export function renderFile(desired: DesiredCluster, node: string, file: 'redis.conf' | 'override.conf'): SensitiveText {
  const names = desired.nodes.map(({ name }) => name);
  const found = desired.nodes.find(({ name }) => name === node);
  if (!found)
    throw new RedisopsError('UNKNOWN_NODE', `The inventory has no node ${shown(node)}.${didYouMean(node, names)}`, {
      hint: `The nodes are: ${names.join(', ')}.`,
    });
  switch (file) {
    case 'redis.conf':
      return found.redisConf.content;
    case 'override.conf':
      return found.dropIn.content;
  }
}
