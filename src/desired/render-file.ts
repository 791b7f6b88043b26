import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/text/nearest.ts';
import type { RenderedFile } from '../domain/rendered-file.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { quoted } from '../jinja/index.ts';

/**
 * The file as Git defines it, with the role nominated by Git.
 * @throws UNKNOWN_NODE; NOT_AVAILABLE_YET for a sentinel.conf where Git asks for no Sentinel and has no template.
 */
export function renderFile(desired: DesiredCluster, node: string, file: RenderedFile): SensitiveText {
  const names = desired.nodes.map(({ name }) => name);
  const found = desired.nodes.find(({ name }) => name === node);
  if (!found)
    throw new RedisopsError('UNKNOWN_NODE', `The inventory has no node ${quoted(node)}.${didYouMean(node, names)}`, {
      hint: `The nodes are: ${names.join(', ')}.`,
    });
  switch (file) {
    case 'redis.conf':
      return found.redisConf.content;
    case 'sentinel.conf':
      if (found.sentinelConf) return found.sentinelConf;
      throw new RedisopsError('NOT_AVAILABLE_YET', `Git asks for no Sentinel on ${node}.`, {
        hint: 'Set redis_enable_sentinel: true, or name the repository’s own template (sentinel_template in redisops.yml).',
      });
    case 'override.conf':
      return found.dropIn.content;
  }
}
