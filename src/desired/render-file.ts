import { hostsOf, type DesiredCluster, type SentinelHost } from '../domain/desired.ts';
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
  const names = hostsOf(desired).map(({ name }) => name);
  const elsewhere = desired.sentinelHosts?.find(({ name }) => name === node);
  if (elsewhere) return ofSentinelHost(elsewhere, file);
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

function ofSentinelHost({ name, sentinel }: SentinelHost, file: RenderedFile): SensitiveText {
  if (file === 'sentinel.conf') return sentinel.file.content;
  throw new RedisopsError('UNKNOWN_NODE', `${name} runs Sentinel only: it has no ${file}.`, {
    hint: 'Ask for --file sentinel.conf.',
  });
}
